package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, and being asked to end: the first cancels the task, whose end is then waited for; the
 * second leaves at once. Before there is a task the first leaves, too.
 */
final class StopSignals {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  private final MeshApi api;
  private final Context context;
  private final PrintStream err;
  private boolean submitting;
  private boolean stopped;
  private @Nullable String taskId;

  private StopSignals(MeshApi api, Context context) {
    this.api = api;
    this.context = context;
    this.err = context.err();
  }

  /** Takes the signals to the end of the command. */
  static StopSignals listen(MeshApi api, Context context) {
    StopSignals signals = new StopSignals(api, context);
    NAMES.forEach(name -> context.signals().handle(name, signals::received));
    return signals;
  }

  /**
   * From now on there may be a task.
   *
   * @throws CliException if it was stopped before; then there is to be none
   */
  synchronized void submitting() {
    if (stopped) {
      throw new CliException(ExitCodes.RUN_CANCELLED, "stopped before it was submitted");
    }
    submitting = true;
  }

  /** There is none: it was refused. */
  synchronized void refused() {
    submitting = false;
  }

  /** Now there is one. */
  synchronized void submitted(String id) {
    taskId = id;
    if (stopped) {
      cancel(id);
    }
  }

  private synchronized void received() {
    boolean again = stopped;
    stopped = true;
    if (again || !submitting) {
      context.signals().leave(ExitCodes.RUN_CANCELLED);
      return;
    }
    if (taskId != null) {
      cancel(taskId);
    }
  }

  private void cancel(String id) {
    err.println("weft: cancelling " + id + " (once more leaves at once)");
    Thread.ofVirtual()
        .name("weft-cancel")
        .start(
            () -> {
              try {
                api.cancel(id);
              } catch (RuntimeException e) {
                err.println("weft: can't cancel " + id + ": " + e.getMessage());
              }
            });
  }
}
