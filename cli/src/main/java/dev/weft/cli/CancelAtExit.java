package dev.weft.cli;

import dev.weft.cli.client.MeshApi;

/** Cancels a task when the JVM ends before its result is here: Ctrl-C, or the terminal closed. */
final class CancelAtExit implements AutoCloseable {
  private final Thread hook;
  private volatile boolean armed = true;

  CancelAtExit(MeshApi api, String taskId) {
    hook =
        new Thread(
            () -> {
              if (armed) {
                api.cancel(taskId);
              }
            },
            "weft-cancel");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Leaves the task alone: when following failed, it may well succeed. */
  @Override
  public void close() {
    armed = false;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs already.
    }
  }
}
