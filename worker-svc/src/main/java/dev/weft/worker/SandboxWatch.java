package dev.weft.worker;

import dev.weft.worker.app.Tally.Sandboxes;
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
 * Tries the sandbox of a worker on which several failed in a row, with a command of its own: only
 * what fails without a task is the worker's fault. One that has failed gets no work, so no attempt
 * could ever show that it is well again: two good tries in a row do.
 */
final class SandboxWatch {

  private static final Logger LOG = Logger.getLogger(SandboxWatch.class);
  private static final Duration SUSPECT_EVERY = Duration.ofSeconds(1);
  private static final Duration FAILED_EVERY = Duration.ofSeconds(10);
  private static final long PATIENCE_SECONDS = 2;
  private static final int GOOD = 2;

  private final Supplier<CompletableFuture<Sandboxes>> state;
  private final Probe probe;
  private final Findings findings;
  private final AtomicBoolean trying = new AtomicBoolean();
  private int good;

  /** Tries the sandbox once; says what is wrong. */
  interface Probe {
    Optional<String> fault() throws InterruptedException;
  }

  /** Told what tries have shown. */
  interface Findings {
    void broken();

    void repaired();
  }

  SandboxWatch(Supplier<CompletableFuture<Sandboxes>> state, Probe probe, Findings findings) {
    this.state = state;
    this.probe = probe;
    this.findings = findings;
  }

  void begin(ScheduledExecutorService timer, Executor blocking) {
    repeat(timer, blocking, SUSPECT_EVERY, Sandboxes.SUSPECT);
    repeat(timer, blocking, FAILED_EVERY, Sandboxes.FAILED);
  }

  private void repeat(
      ScheduledExecutorService timer, Executor blocking, Duration every, Sandboxes when) {
    timer.scheduleAtFixedRate(
        () -> blocking.execute(() -> look(when)),
        every.toMillis(),
        every.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** One try if sandboxes are like that, unless the last one is still under way. */
  void look(Sandboxes when) {
    if (!trying.compareAndSet(false, true)) {
      return;
    }
    try {
      if (state.get().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join() == when) {
        tryOnce(when);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CompletionException e) {
      LOG.debugf("the worker's state is not to be had: error=%s", e.getMessage());
    } finally {
      trying.set(false);
    }
  }

  private void tryOnce(Sandboxes when) throws InterruptedException {
    Optional<String> fault = probe.fault();
    if (fault.isPresent()) {
      LOG.warnf("the sandbox does not start: reason=%s", fault.get());
      good = 0;
      findings.broken();
      return;
    }
    good++;
    if (when == Sandboxes.SUSPECT || good >= GOOD) {
      LOG.infof("the sandbox starts: count=%d", good);
      good = 0;
      findings.repaired();
    }
  }
}
