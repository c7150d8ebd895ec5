package dev.weft.worker;

import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/**
 * SIGTERM and SIGINT in the worker's own hands: the JVM's would end with exit code 143 and could not tell the second from the
 * first. Before the worker is up, the first interrupts its start.
 */
@SuppressWarnings("sunapi") // The JDK has no other API for signals.
final class StopSignals {

  private static final Logger LOG = Logger.getLogger(StopSignals.class);

  private final Thread starting = Thread.currentThread();
  private final Runnable onFirst;
  private final AtomicInteger received = new AtomicInteger();
  private volatile Runnable onSecond = starting::interrupt;
  private volatile boolean up;

  private StopSignals(Runnable onFirst) {
    this.onFirst = onFirst;
  }

  static StopSignals listen(Runnable onFirst) {
    StopSignals signals = new StopSignals(onFirst);
    Signal.handle(new Signal("TERM"), signal -> signals.received(signal.getName()));
    Signal.handle(new Signal("INT"), signal -> signals.received(signal.getName()));
    return signals;
  }

  /** The worker is up: a second signal means no more patience. */
  void onSecond(Runnable action) {
    onSecond = action;
    up = true;
  }

  private void received(String name) {
    int count = received.incrementAndGet();
    LOG.infof("signal received: signal=%s count=%d", name, count);
    onFirst.run();
    if (count > 1 || !up) {
      onSecond.run();
    }
  }
}
