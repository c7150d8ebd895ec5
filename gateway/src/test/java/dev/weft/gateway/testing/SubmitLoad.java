package dev.weft.gateway.testing;

import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Submits batches. */
public final class SubmitLoad extends DoorLoad {

  private static final int BATCH = 20;

  public SubmitLoad(String bearer, List<Integer> grpcPorts) {
    super(bearer, grpcPorts);
  }

  @Override
  void fire(Channel channel, StreamObserver<Shot> recorder) {
    BatchSubmitTasksRequest.Builder request = BatchSubmitTasksRequest.newBuilder();
    for (int i = 0; i < BATCH; i++) {
      request.addRequests(
          SubmitTaskRequest.newBuilder()
              .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance())));
    }
    long sent = System.nanoTime();
    TaskServiceGrpc.newStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .batchSubmitTasks(request.build(), recorded(recorder, answer -> shot(sent, answer)));
  }

  private static Shot shot(long sent, BatchSubmitTasksResponse answer) {
    List<String> reasons =
        answer.getResultsList().stream()
            .filter(result -> result.hasProblem())
            .map(result -> result.getProblem().getReason())
            .toList();
    return new Shot(sent, System.nanoTime(), BATCH - reasons.size(), reasons);
  }
}
