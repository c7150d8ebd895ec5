package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.Capacity;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.router.domain.placement.Workers;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The worker's side of a work stream. */
final class TestWorker implements StreamObserver<WorkResponse> {

  final List<PlacerWelcome> welcomes = new CopyOnWriteArrayList<>();
  final List<PlacerFrame> frames = new CopyOnWriteArrayList<>();
  private final int number;
  volatile @Nullable Throwable failure;
  StreamObserver<WorkRequest> up;

  @SuppressWarnings("NullAway.Init") // the fixture dials at once
  TestWorker(int number) {
    this.number = number;
  }

  WorkerHello.Builder hello() {
    return WorkerHello.newBuilder()
        .setProtocolVersion(1)
        .setWorkerId(WireIds.text(Workers.id(number)))
        .setIncarnation(1)
        .setCapacity(
            Capacity.newBuilder()
                .setNumber(1)
                .setCpuMilli(4_000)
                .setMemoryBytes(8L << 30)
                .setDiskBytes(8L << 30)
                .putExecutorSlots("shell", 4)
                .putExecutorSlots("noop", 8)
                .putExecutorSlots("agent", 4));
  }

  TestWorker greeted() {
    send(hello());
    await().untilAsserted(() -> assertThat(welcomes).isNotEmpty());
    return this;
  }

  void send(WorkerHello.Builder hello) {
    up.onNext(WorkRequest.newBuilder().setHello(hello).build());
  }

  void send(WorkerFrame.Builder frame) {
    up.onNext(WorkRequest.newBuilder().setFrame(frame).build());
  }

  void started(AttemptKey key) {
    send(WorkerFrame.newBuilder().addStarted(key));
  }

  void fail(AttemptKey key, String reason) {
    send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(key)
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_FAILED)
                    .setProblem(Problem.newBuilder().setCode(10).setReason(reason))));
  }

  void cancelled(AttemptKey key) {
    send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(key)
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_CANCELLED)));
  }

  void succeed(AttemptKey key, TaskResult result) {
    send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(key)
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED)
                    .setResult(result)));
  }

  List<Assignment> assignments() {
    return frames.stream().flatMap(frame -> frame.getAssignmentsList().stream()).toList();
  }

  Assignment awaitAssignment(String taskId) {
    await()
        .untilAsserted(
            () ->
                assertThat(assignments()).anyMatch(one -> one.getKey().getTaskId().equals(taskId)));
    return assignments().stream()
        .filter(one -> one.getKey().getTaskId().equals(taskId))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void onNext(WorkResponse response) {
    if (response.hasWelcome()) {
      welcomes.add(response.getWelcome());
    } else {
      frames.add(response.getFrame());
    }
  }

  @Override
  public void onError(Throwable cause) {
    failure = cause;
  }

  @Override
  public void onCompleted() {}
}
