package dev.weft.e2e.mesh;

import dev.weft.e2e.history.Operation;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.history.TaskHistory;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Hands tasks in from 8 threads and logs each outcome; a call whose outcome is unknown is repeated
 * with its key.
 */
public final class Submitter implements AutoCloseable {

  private static final int THREADS = 8;
  private static final Duration CALL = Duration.ofSeconds(5);
  private static final int TRIES = 60;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicInteger submitted = new AtomicInteger();
  private final List<Future<?>> runs = new ArrayList<>();

  public Submitter(MeshClient client, OperationLog log, int tasks) {
    AtomicInteger left = new AtomicInteger(tasks);
    for (int thread = 0; thread < THREADS; thread++) {
      runs.add(
          threads.submit(
              () -> {
                for (int n = left.decrementAndGet(); n >= 0; n = left.decrementAndGet()) {
                  submit(client, log, spec(n));
                  submitted.incrementAndGet();
                }
              }));
    }
  }

  /** Ids of every task whose submit was answered OK. */
  public static List<String> acknowledged(OperationLog log) {
    return log.entries().stream()
        .filter(Operation.Ok.class::isInstance)
        .map(operation -> ((Operation.Ok) operation).taskId())
        .distinct()
        .toList();
  }

  /** What the mesh says of each of them once it has ended. */
  public static Map<String, TaskHistory> histories(MeshClient client, OperationLog log) {
    Map<String, TaskHistory> histories = new ConcurrentHashMap<>();
    try (ExecutorService readers = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> reads = new ArrayList<>();
      for (String id : acknowledged(log)) {
        reads.add(readers.submit(() -> histories.put(id, history(client, id))));
      }
      for (Future<?> read : reads) {
        read.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while histories were read", e);
    } catch (ExecutionException e) {
      throw new AssertionError("a history could not be read", e.getCause());
    }
    return histories;
  }

  private static TaskHistory history(MeshClient client, String id) {
    List<TaskEvent> events = client.events(id, PATIENCE);
    return new TaskHistory(client.get(id), events);
  }

  public void awaitSubmitted(int count) {
    Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> submitted.get() >= count);
  }

  @Override
  public void close() throws Exception {
    for (Future<?> run : runs) {
      run.get();
    }
    threads.shutdown();
  }

  /** One in ten runs a real command, which says its attempt; the rest measure the mesh alone. */
  private static TaskSpec spec(int n) {
    return n % 10 == 0
        ? MeshClient.shell("sh", "-c", "sleep 0.2; echo attempt $WEFT_ATTEMPT")
        : MeshClient.noop();
  }

  /** Hands one task in, again and again with its key until it is known that it was taken. */
  public static void submit(MeshClient client, OperationLog log, TaskSpec spec) {
    String requestId = UUID.randomUUID().toString();
    for (int attempt = 0; attempt < TRIES; attempt++) {
      long number = log.invoke("submit " + requestId);
      try {
        log.ok(number, client.submitOnce(spec, requestId, CALL).getTask().getId());
        return;
      } catch (StatusRuntimeException e) {
        log.info(number, e.getStatus().toString());
        if (!MeshClient.transientFault(e)
            && e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
          throw e;
        }
        LockSupport.parkNanos(200_000_000);
      }
    }
    throw new AssertionError("submit %s had no outcome in %d tries".formatted(requestId, TRIES));
  }
}
