package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.Limits;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * R24: callers that go away in the middle, at any moment, leave nothing behind; {@code
 * -Dweft.chaos.calls} says how many.
 */
@ExtendWith(SharedMesh.class)
class AbandonedCallsIT {

  private static final int CALLS = Integer.getInteger("weft.chaos.calls", 2_000);
  private static final int AT_ONCE = 8;
  private static final int LONGEST_MILLIS = 50;

  /** Fewer than what a gateway takes for an attack by resets. */
  private static final int A_CONNECTION = 50;

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final OperationLog log = new OperationLog();
  private final AtomicInteger cutShort = new AtomicInteger();
  private final LocalMesh mesh;

  AbandonedCallsIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void callersThatGoAwayInTheMiddleLeaveNothingTaken() throws Exception {
    try (MeshClient client = mesh.client()) {
      abandon(CALLS / 10);
      cancelWhatRuns(client);
      Map<String, Long> before = new Counters(mesh, client).now();

      abandon(CALLS);
      cancelWhatRuns(client);

      assertThat(cutShort.get()).as("calls that were cut short").isGreaterThan(CALLS / 10);
      Limits limits = Limits.NONE.cancel(Duration.ofSeconds(7));
      assertThat(
              new HistoryChecker(limits)
                  .violations(log.entries(), Submitter.histories(client, log)))
          .isEmpty();
      new Counters(mesh, client).assertAsBefore(before);
      Credit.assertAllIsBack(client);
    }
  }

  /** Callers that also hang up every now and then, with what is under way. */
  private void abandon(int calls) throws Exception {
    AtomicInteger left = new AtomicInteger(calls);
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int caller = 0; caller < AT_ONCE; caller++) {
        Random random = new Random(caller);
        all.add(
            callers.submit(
                () -> {
                  while (left.addAndGet(-A_CONNECTION) > -A_CONNECTION) {
                    try (MeshClient client = mesh.client()) {
                      String known = client.submit(MeshClient.noop()).getId();
                      for (int i = 0; i < A_CONNECTION; i++) {
                        abandonOne(client, clock, random, known);
                      }
                    }
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      clock.shutdownNow();
    }
  }

  private void abandonOne(
      MeshClient client, ScheduledExecutorService clock, Random random, String known) {
    Context.CancellableContext call = Context.current().withCancellation();
    clock.schedule(
        () -> call.cancel(null), random.nextInt(LONGEST_MILLIS * 1_000), TimeUnit.MICROSECONDS);
    boolean submit = random.nextBoolean();
    long number = log.invoke(submit ? "submit" : "get");
    try {
      call.run(
          () -> {
            if (submit) {
              TaskSpec spec = MeshClient.noop();
              String key = UUID.randomUUID().toString();
              log.ok(number, client.submitOnce(spec, key, DEADLINE).getTask().getId());
            } else {
              client.get(known);
            }
          });
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
      log.info(number, "cut short");
      cutShort.incrementAndGet();
    } finally {
      call.cancel(null);
    }
  }

  /** Credit goes out and must come back on the way of a cancel too. */
  private void cancelWhatRuns(MeshClient client) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long number = log.invoke("submit");
      Task task = client.submit(MeshClient.shell("sleep", "600"));
      log.ok(number, task.getId());
      ids.add(task.getId());
    }
    for (String id : ids) {
      long number = log.invoke("cancel " + id);
      log.cancelled(number, id, client.cancel(id).getState());
    }
    ids.forEach(id -> client.await(id, DEADLINE));
  }
}
