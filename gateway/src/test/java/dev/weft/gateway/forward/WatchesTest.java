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
import dev.weft.proto.workers.v1.WatchWorkersRequest;
import dev.weft.proto.workers.v1.WatchWorkersResponse;
import dev.weft.proto.workers.v1.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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

  @Test
  void aWatchOfTheFleetTellsNobodyWhatTheWorkersRunForOthers() {
    List<Worker> shown = new CopyOnWriteArrayList<>();
    OpenStream stream =
        watches.workers(
            WatchWorkersRequest.getDefaultInstance(),
            new StreamSink<>() {
              @Override
              public void next(WatchWorkersResponse item) {
                if (item.hasWorker()) {
                  shown.add(item.getWorker());
                }
              }

              @Override
              public void done() {}

              @Override
              public void failed(RuntimeException why) {}
            });

    await().atMost(Duration.ofSeconds(10)).until(() -> !shown.isEmpty());

    stream.cancel();
    assertThat(shown)
        .extracting(Worker::getLoad)
        .allMatch(load -> load.getRunningTaskIdsCount() == 0 && load.getSlotsUsed() == 1);
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
