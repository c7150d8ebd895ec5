package dev.weft.worker;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT in the worker's own hands: the JVM's would end with exit code 143 and could
 * not tell the second from the first. Before the worker is up, the first interrupts its start. The
 * JDK's only API for signals is found by name, since the compiler does not let it be named without
 * a warning.
 */
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
    signals.handle("TERM");
    signals.handle("INT");
    return signals;
  }

  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object own =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> answer(name, method, arguments));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
    } catch (ReflectiveOperationException e) {
      LOG.warnf(e, "signal can't be handled, it will end the worker at once: signal=%s", name);
    }
  }

  private @Nullable Object answer(String name, Method method, Object @Nullable [] arguments)
      throws ReflectiveOperationException {
    if (method.getDeclaringClass().equals(Object.class)) {
      return method.invoke(this, arguments);
    }
    received(name);
    return null;
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
