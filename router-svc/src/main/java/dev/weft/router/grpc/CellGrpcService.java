package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.BeginDrainResponse;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc.CellServiceImplBase;
import dev.weft.proto.internal.cell.v1.EndTaskRequest;
import dev.weft.proto.internal.cell.v1.EndTaskResponse;
import dev.weft.proto.internal.cell.v1.FetchDecisionsRequest;
import dev.weft.proto.internal.cell.v1.FetchDecisionsResponse;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskResponse;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.router.app.CellInbox;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.TaskAdmissions;
import dev.weft.router.app.TaskAdmissions.Candidate;
import dev.weft.router.app.TaskCancels;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.DrainReply;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The placer as the gateways see it. */
public final class CellGrpcService extends CellServiceImplBase {

  private static final int MOST_ITEMS = 1_000;

  private final CellInbox inbox;
  private final TaskAdmissions admissions;
  private final TaskCancels cancels;
  private final TaskQueries queries;
  private final CellReader reader;
  private final FollowStreams follows;
  private final TaskSpans spans;
  private final EffortPolicy efforts;

  public CellGrpcService(
      CellInbox inbox,
      TaskAdmissions admissions,
      TaskQueries queries,
      CellReader reader,
      FollowStreams follows,
      TaskSpans spans,
      EffortPolicy efforts) {
    this.spans = spans;
    this.efforts = efforts;
    this.inbox = inbox;
    this.admissions = admissions;
    this.queries = queries;
    this.cancels = new TaskCancels(inbox, queries);
    this.reader = reader;
    this.follows = follows;
  }

  @Override
  public void submitTasks(
      SubmitTasksRequest request, StreamObserver<SubmitTasksResponse> observer) {
    var submissions = request.getSubmissionsList();
    if (submissions.isEmpty() || submissions.size() > MOST_ITEMS) {
      throw Denials.invalidField(
          new IllegalArgumentException(
              "submissions: %d (expected: 1..%d)".formatted(submissions.size(), MOST_ITEMS)));
    }
    Answers.ignoreCancel(observer);
    SubmitCollector collector = new SubmitCollector(submissions, queries, observer);
    List<Candidate> candidates = new ArrayList<>();
    for (int item = 0; item < submissions.size(); item++) {
      try {
        Submission submission = submissions.get(item);
        candidates.add(
            SubmitProtoMapper.candidate(
                item, submission, spans.admitted(submission.getTraceparent()), efforts));
      } catch (IllegalArgumentException | MeshException e) {
        collector.invalid(item, e);
      }
    }
    admissions.submit(candidates, collector);
  }

  @Override
  public void fetchTask(FetchTaskRequest request, StreamObserver<FetchTaskResponse> observer) {
    Answers.send(
        task(request.getTenant(), WireQueries.task(request.getTaskId())),
        task -> FetchTaskResponse.newBuilder().setTask(task).build(),
        observer);
  }

  @Override
  public void fetchTasks(FetchTasksRequest request, StreamObserver<FetchTasksResponse> observer) {
    Answers.send(queries.page(WireQueries.page(request)), WireQueries::page, observer);
  }

  @Override
  public void endTask(EndTaskRequest request, StreamObserver<EndTaskResponse> observer) {
    TaskId id = WireQueries.task(request.getTaskId());
    Answers.send(
        cancels
            .cancel(request.getTenant(), id)
            .thenApply(seen -> TaskProtoMapper.task(seen.orElseThrow(() -> unknown(id)))),
        task -> EndTaskResponse.newBuilder().setTask(task).build(),
        observer);
  }

  @Override
  public void followTask(FollowTaskRequest request, StreamObserver<FollowTaskResponse> observer) {
    follows.open(request, (ServerCallStreamObserver<FollowTaskResponse>) observer);
  }

  @Override
  public void fetchDecisions(
      FetchDecisionsRequest request, StreamObserver<FetchDecisionsResponse> observer) {
    TaskId id = WireQueries.task(request.getTaskId());
    Answers.send(
        task(request.getTenant(), id)
            .thenCompose(task -> reader.decisions(request.getTenant(), id)),
        stored -> {
          FetchDecisionsResponse.Builder response = FetchDecisionsResponse.newBuilder();
          stored.forEach(one -> response.addAllDecisions(DecisionProtoMapper.decisions(id, one)));
          return response.build();
        },
        observer);
  }

  @Override
  public void beginDrain(BeginDrainRequest request, StreamObserver<BeginDrainResponse> observer) {
    WorkerId worker = WireQueries.worker(request.getWorkerId());
    Duration grace = Duration.ofMillis(SpecProtoMapper.millis(request.getGrace()));
    CompletableFuture<BeginDrainResponse> answered = new CompletableFuture<>();
    DrainReply reply =
        new DrainReply() {
          @Override
          public void draining(boolean drained, int running) {
            answered.complete(
                BeginDrainResponse.newBuilder().setDrained(drained).setRunning(running).build());
          }

          @Override
          public void denied(Denial reason) {
            answered.completeExceptionally(Denials.exception(reason));
          }
        };
    inbox.tell(cell -> cell.beginDrain(worker, grace, reply), reply::denied);
    Answers.send(answered, observer);
  }

  private CompletionStage<Task> task(String tenant, TaskId id) {
    return queries
        .task(tenant, id)
        .thenApply(seen -> TaskProtoMapper.task(seen.orElseThrow(() -> unknown(id))));
  }

  static MeshException unknown(TaskId id) {
    String text = WireIds.text(id);
    return new MeshException(RouterReason.TASK_NOT_FOUND, "task: %s is unknown".formatted(text))
        .with("taskId", text);
  }
}
