package dev.weft.worker;

import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.WorkView.Activity;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tries the sandbox of a worker that says it has failed. It gets no work then, so no attempt could
 * ever show that it is well again: two good tries in a row do.
 */
final class SandboxWatch {

  private static final Logger LOG = Logger.getLogger(SandboxWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final long PATIENCE_SECONDS = 2;
  private static final int GOOD = 2;

  private final Supplier<CompletableFuture<WorkView>> view;
  private final Probe probe;
  private final Runnable repaired;
  private final AtomicBoolean trying = new AtomicBoolean();
  private int good;

  /** Tries the sandbox once; says what is wrong. */
  interface Probe {
    Optional<String> fault() throws InterruptedException;
  }

  SandboxWatch(Supplier<CompletableFuture<WorkView>> view, Probe probe, Runnable repaired) {
    this.view = view;
    this.probe = probe;
    this.repaired = repaired;
  }

  void begin(ScheduledExecutorService timer, Executor blocking) {
    timer.scheduleAtFixedRate(
        () -> blocking.execute(this::look),
        EVERY.toMillis(),
        EVERY.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** One try, unless the last one is still under way. */
  void look() {
    if (!trying.compareAndSet(false, true)) {
      return;
    }
    try {
      good = failed() ? tryOnce() : 0;
      if (good >= GOOD) {
        good = 0;
        LOG.infof("the sandbox starts again: count=%d", GOOD);
        repaired.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CompletionException e) {
      LOG.debugf("the worker's state is not to be had: error=%s", e.getMessage());
    } finally {
      trying.set(false);
    }
  }

  private boolean failed() {
    return view.get().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().activity()
        == Activity.FAILED;
  }

  private int tryOnce() throws InterruptedException {
    Optional<String> fault = probe.fault();
    fault.ifPresent(reason -> LOG.warnf("the sandbox does not start: reason=%s", reason));
    return fault.isPresent() ? 0 : good + 1;
  }
}
