package dev.weft.worker.app;

import dev.weft.platform.lifecycle.VitalThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/**
 * Runs everything that touches the worker's state on one thread, in order. What has gathered
 * meanwhile is one batch, after which the state may be sent: so frames are as large as the load
 * makes them.
 */
public final class SerialLoop implements Executor, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(SerialLoop.class);
  private static final int MAX_BATCH = 4096;

  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Runnable afterBatch;
  private volatile boolean closed;

  private SerialLoop(Runnable afterBatch) {
    this.afterBatch = afterBatch;
  }

  public static SerialLoop begin(String name, Runnable afterBatch) {
    SerialLoop loop = new SerialLoop(afterBatch);
    VitalThreads.named(name).start(loop::run);
    return loop;
  }

  @Override
  public void execute(Runnable action) {
    queue.add(action);
  }

  private void run() {
    List<Runnable> batch = new ArrayList<>();
    while (!closed) {
      try {
        batch.add(queue.take());
        queue.drainTo(batch, MAX_BATCH);
      } catch (InterruptedException e) {
        return;
      }
      batch.forEach(SerialLoop::attempt);
      batch.clear();
      attempt(afterBatch);
    }
  }

  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("a step of the work loop failed; the loop goes on", e);
    }
  }

  /** Ends after the batch under way. */
  @Override
  public void close() {
    closed = true;
    queue.add(() -> {});
  }
}
