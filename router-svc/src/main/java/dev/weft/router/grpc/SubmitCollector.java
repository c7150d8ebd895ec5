package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.StoredTask;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.task.TaskId;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Gathers the outcomes of a submit's items and answers the call with the last of them. */
final class SubmitCollector implements SubmitReply {

  private final List<dev.weft.proto.internal.cell.v1.Submission> submissions;
  private final TaskQueries queries;
  private final StreamObserver<SubmitTasksResponse> call;
  private final AtomicReferenceArray<SubmissionResult> results;
  private final AtomicInteger missing;
  private final AtomicInteger movedItems = new AtomicInteger();
  private volatile @Nullable Denial moved;

  SubmitCollector(
      List<dev.weft.proto.internal.cell.v1.Submission> submissions,
      TaskQueries queries,
      StreamObserver<SubmitTasksResponse> call) {
    this.submissions = submissions;
    this.queries = queries;
    this.call = call;
    this.results = new AtomicReferenceArray<>(submissions.size());
    this.missing = new AtomicInteger(submissions.size());
  }

  @Override
  public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {
    boolean leased = task.row().progress().attempt() != null;
    StoredTask stored =
        new StoredTask(
            task.row(),
            commit,
            task.spec().spec(),
            new StoredTask.Times(commitTime, commitTime, leased ? commitTime : null),
            Optional.empty(),
            Optional.empty(),
            StoredTask.Redrive.NONE);
    put(item, accepted(TaskProtoMapper.task(stored, TaskSpec.getDefaultInstance()), false));
  }

  @Override
  public void existing(int item, TaskId first) {
    queries
        .brief(submissions.get(item).getTenant(), first)
        .whenComplete(
            (seen, failure) -> {
              if (failure != null) {
                unread(item, failure);
              } else if (seen.isEmpty()) {
                denied(
                    item,
                    Denial.of(Denial.Reason.IDEMPOTENCY_CONFLICT, "the id is another tenant's"));
              } else {
                put(item, accepted(TaskProtoMapper.task(seen.get()), true));
              }
            });
  }

  /** The key is known, its task could not be read here. */
  private void unread(int item, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TaskQueries.Denied elsewhere) {
      denied(item, elsewhere.denial());
    } else {
      put(item, problem(Denials.problem(failure)));
    }
  }

  @Override
  public void denied(int item, Denial reason) {
    if (reason.reason() == Denial.Reason.NOT_HOLDER) {
      moved = reason;
      movedItems.incrementAndGet();
    }
    put(item, problem(Denials.problem(reason)));
  }

  void invalid(int item, RuntimeException cause) {
    put(
        item,
        problem(
            cause instanceof IllegalArgumentException wrong
                ? Denials.invalid(wrong)
                : Denials.problem(cause)));
  }

  private void put(int item, SubmissionResult result) {
    if (results.getAndSet(item, result) == null && missing.decrementAndGet() == 0) {
      Denial elsewhere = moved;
      if (elsewhere != null) {
        call.onError(Denials.status(movedAway(elsewhere)));
        return;
      }
      SubmitTasksResponse.Builder response = SubmitTasksResponse.newBuilder();
      for (int i = 0; i < results.length(); i++) {
        response.addResults(results.get(i));
      }
      call.onNext(response.build());
      call.onCompleted();
    }
  }

  /**
   * Nothing was taken: ask there. Some may have been taken before the cell moved: the outcome is
   * unknown, and what is sent again is looked up first.
   */
  private MeshException movedAway(Denial elsewhere) {
    return movedItems.get() == results.length()
        ? Denials.exception(elsewhere)
        : new MeshException(RouterReason.CELL_UNAVAILABLE, "the cell moved meanwhile");
  }

  private static SubmissionResult accepted(Task task, boolean existing) {
    return SubmissionResult.newBuilder()
        .setAccepted(Accepted.newBuilder().setTask(task).setExisting(existing))
        .build();
  }

  private static SubmissionResult problem(Problem problem) {
    return SubmissionResult.newBuilder().setProblem(problem).build();
  }
}
