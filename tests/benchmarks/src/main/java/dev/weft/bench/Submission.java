package dev.weft.bench;

import dev.weft.proto.tasks.v1.BatchSubmitResult;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceStub;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One call that submits one task, or several in a batch. */
final class Submission {

  private final TaskServiceStub stub;
  private final SubmitTaskRequest one;
  private final int perCall;

  Submission(TaskServiceStub stub, SubmitTaskRequest one, int perCall) {
    this.stub = stub;
    this.one = one;
    this.perCall = perCall;
  }

  /**
   * Sends it; one of the two is told once.
   *
   * @param accepted gets the ids, each flushed to disk
   */
  void send(int tasks, Consumer<List<String>> accepted, Consumer<Throwable> failed) {
    if (perCall == 1) {
      stub.submitTask(one, new Reply<>(Submission::idOf, accepted, failed));
      return;
    }
    BatchSubmitTasksRequest.Builder batch = BatchSubmitTasksRequest.newBuilder();
    for (int i = 0; i < tasks; i++) {
      batch.addRequests(one);
    }
    stub.batchSubmitTasks(batch.build(), new Reply<>(Submission::idsOf, accepted, failed));
  }

  private static List<String> idOf(SubmitTaskResponse response) {
    return List.of(response.getTask().getId());
  }

  private static List<String> idsOf(BatchSubmitTasksResponse response) {
    List<String> ids = new ArrayList<>(response.getResultsCount());
    for (BatchSubmitResult result : response.getResultsList()) {
      if (!result.hasAccepted()) {
        throw new BenchFailure("not accepted: " + result.getProblem());
      }
      ids.add(result.getAccepted().getTask().getId());
    }
    return ids;
  }

  private interface Ids<T> {
    List<String> of(T response);
  }

  private static final class Reply<T> implements StreamObserver<T> {

    private final Ids<T> ids;
    private final Consumer<List<String>> accepted;
    private final Consumer<Throwable> failed;
    private List<String> got = List.of();

    Reply(Ids<T> ids, Consumer<List<String>> accepted, Consumer<Throwable> failed) {
      this.ids = ids;
      this.accepted = accepted;
      this.failed = failed;
    }

    @Override
    public void onNext(T response) {
      got = ids.of(response);
    }

    @Override
    public void onError(Throwable error) {
      failed.accept(error);
    }

    @Override
    public void onCompleted() {
      accepted.accept(got);
    }
  }
}
