package dev.weft.router.grpc;

import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.tasks.v1.Task;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Gathers the outcomes of a submit's items and answers the call with the last of them. */
final class SubmitCollector implements SubmitReply {

  private final List<dev.weft.proto.internal.cell.v1.Submission> submissions;
  private final TaskQueries queries;
  private final StreamObserver<SubmitTasksResponse> call;
  private final AtomicReferenceArray<SubmissionResult> results;
  private final AtomicInteger missing;

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
            Optional.empty());
    put(item, accepted(TaskProtoMapper.task(stored, submissions.get(item).getSpec()), false));
  }

  @Override
  public void existing(int item, TaskId first) {
    queries
        .task(submissions.get(item).getTenant(), first)
        .whenComplete(
            (seen, failure) -> {
              if (failure != null) {
                put(item, problem(Denials.problem(failure)));
              } else if (seen.isEmpty()) {
                denied(
                    item,
                    Denial.of(Denial.Reason.IDEMPOTENCY_CONFLICT, "the id is another tenant's"));
              } else {
                put(item, accepted(TaskProtoMapper.task(seen.get()), true));
              }
            });
  }

  @Override
  public void denied(int item, Denial reason) {
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
      SubmitTasksResponse.Builder response = SubmitTasksResponse.newBuilder();
      for (int i = 0; i < results.length(); i++) {
        response.addResults(results.get(i));
      }
      call.onNext(response.build());
      call.onCompleted();
    }
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
