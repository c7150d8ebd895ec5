package dev.weft.worker.app;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Work;
import java.time.Duration;

/** Runs commands in sandboxes, each on a virtual thread. */
public final class ShellExecutor implements Executor {

  private final Setup setup;

  /**
   * What all commands share.
   *
   * @param networkOpen tasks may use the worker's own network
   * @param grace from the polite signal to the other
   */
  public record Setup(
      Sandbox sandbox,
      Workspaces workspaces,
      Limits limits,
      boolean networkOpen,
      Duration grace,
      Ticker ticker) {}

  public ShellExecutor(Setup setup) {
    this.setup = setup;
  }

  @Override
  public String kind() {
    return Work.Shell.KIND;
  }

  @Override
  public Execution start(Assignment assignment, Listener listener) {
    if (!(assignment.work() instanceof Work.Shell work)) {
      throw new IllegalArgumentException("work: " + assignment.work() + " (expected: a command)");
    }
    ShellRun run = new ShellRun(setup, assignment, work, listener);
    Thread.ofVirtual().name("weft-shell-" + assignment.key().fileName()).start(run);
    return run::end;
  }
}
