package dev.weft.cli.relay;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Signals in this program's own hands. The JDK's only API for them is found by name, since the
 * compiler does not let it be named without a warning; a native program knows of it from
 * reachability-metadata.json.
 */
public final class ProcessSignal {
  /** Those that end a program, with the exit code that a shell has for each. */
  public static final Map<String, Integer> CODES = Map.of("HUP", 129, "INT", 130, "TERM", 143);

  private ProcessSignal() {}

  /**
   * Runs the action at each signal of this name instead of what the JVM does.
   *
   * @param name for example INT
   */
  public static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> action.hashCode();
                case "equals" -> false; // Never compared; the JDK asks nothing but to handle.
                default -> "handler of SIG" + name;
              };
      Object own =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SIG" + name + " can't be handled", e);
    }
  }
}
