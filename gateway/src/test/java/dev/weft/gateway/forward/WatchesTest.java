package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.LoopbackMesh;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskResponse;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchesTest {

  private static final String TASK = "tsk_01k00000000000000000000000";

  /** More than a mesh port takes on one connection. */
  private static final int MANY = 1_200;

  private final LoopbackMesh mesh = new LoopbackMesh();
  private final Watches watches =
      new Watches(
          mesh.cell,
          mesh.registry,
          (delay, task) ->
              CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                  .execute(task),
          Ticker.system(),
          Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(1)),
          new Random(1));

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aThousandWatchesHoldNoCallUp() {
    mesh.placer.submissions.put(
        TASK, Submission.newBuilder().setTaskId(TASK).setTenant("acme").build());
    mesh.placer.emit(TASK, TaskState.TASK_STATE_QUEUED);
    Counter events = new Counter();
    WatchTaskRequest request = WatchTaskRequest.newBuilder().setTaskId(TASK).build();
    for (int i = 0; i < MANY; i++) {
      watches.task(Calls.of("acme"), request, events);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> events.seen.get() == MANY);

    CompletableFuture<FetchTaskResponse> answer =
        mesh.cell
            .call(
                channel ->
                    CellServiceGrpc.newFutureStub(channel)
                        .fetchTask(
                            FetchTaskRequest.newBuilder()
                                .setTenant("acme")
                                .setTaskId(TASK)
                                .build()),
                Duration.ofSeconds(3))
            .toCompletableFuture();

    assertThat(answer).succeedsWithin(Duration.ofSeconds(3));
    assertThat(mesh.placer.following()).isEqualTo(MANY);
  }

  private static final class Counter implements StreamSink<TaskEvent> {

    final AtomicInteger seen = new AtomicInteger();

    @Override
    public void next(TaskEvent item) {
      seen.incrementAndGet();
    }

    @Override
    public void done() {}

    @Override
    public void failed(RuntimeException why) {}
  }
}
