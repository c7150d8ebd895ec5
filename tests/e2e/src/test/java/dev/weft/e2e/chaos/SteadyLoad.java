package dev.weft.e2e.chaos;

import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Hands in as many tasks each second whatever happens to those before: an open loop, as users are.
 * Each is handed in again with its key until it is known to be taken.
 */
final class SteadyLoad implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Resources SMALL =
      Resources.newBuilder().setCpuMilli(50).setMemoryBytes(16 << 20).setDiskBytes(1 << 20).build();

  private final MeshClient client;
  private final OperationLog log;
  private final Random random;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();

  SteadyLoad(MeshClient client, OperationLog log, int perSecond, long seed) {
    this.client = client;
    this.log = log;
    this.random = new Random(seed);
    long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
    clock.scheduleAtFixedRate(this::send, 0, period, TimeUnit.NANOSECONDS);
  }

  int accepted() {
    return accepted.get();
  }

  /** The load itself is the clock: waits until so many more have been handed in. */
  void awaitSent(int more) {
    int until = sent.get() + more;
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE)
        .until(() -> sent.get() >= until);
  }

  private void send() {
    TaskSpec spec = next();
    sent.incrementAndGet();
    calls.execute(
        () -> {
          try {
            Submitter.submit(client, log, spec);
            accepted.incrementAndGet();
          } catch (RuntimeException | AssertionError e) {
            failures.add(e);
          }
        });
  }

  /** All classes; one in twenty is a command that says its attempt. */
  private TaskSpec next() {
    TaskSpec spec =
        random.nextInt(20) == 0
            ? MeshClient.shell("sh", "-c", "sleep 0.1; echo attempt $WEFT_ATTEMPT").toBuilder()
                .setResources(SMALL)
                .build()
            : MeshClient.noop();
    return spec.toBuilder()
        .setPriorityClass(PriorityClass.forNumber(1 + random.nextInt(7)))
        .build();
  }

  /** Stops, and waits until the last one is taken. */
  @Override
  public void close() throws InterruptedException {
    clock.shutdownNow();
    calls.shutdown();
    if (!calls.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("submissions without an outcome after " + PATIENCE);
    }
    failures.forEach(
        failure -> {
          throw new AssertionError("a submission failed for good", failure);
        });
  }
}
