package dev.weft.platform.lifecycle;

import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Threads without which a process only looks alive: one that dies of an error (no memory, no direct
 * buffer, a class that does not link) takes the process with it. A dead holder is replaced within
 * seconds; one whose lease goes on beating without its thread never is.
 */
public final class VitalThreads {

  private static final Logger LOG = Logger.getLogger(VitalThreads.class);

  /** Exit code of a process that ended so; EX_SOFTWARE of sysexits.h. */
  static final int EXIT_CODE = 70;

  private VitalThreads() {}

  /** Daemon threads whose death ends the process at once, without shutdown hooks. */
  public static Thread.Builder.OfPlatform named(String name) {
    return named(name, Runtime.getRuntime()::halt);
  }

  static Thread.Builder.OfPlatform named(String name, IntConsumer end) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .uncaughtExceptionHandler(
            (thread, cause) -> {
              try {
                LOG.fatalf(
                    cause, "vital thread died, the process ends: vital=%s", thread.getName());
              } finally {
                end.accept(EXIT_CODE);
              }
            });
  }
}
