package dev.weft.worker.app;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.time.Duration;

/** Runs commands in sandboxes, each on a thread of its own. */
public final class ShellExecutor implements Executor {

  private final Setup setup;

  /**
   * What all commands share.
   *
   * @param carrying how files, secrets and output travel
   * @param networkOpen tasks may use the worker's own network
   * @param grace from the polite signal to the other
   */
  public record Setup(
      Sandbox sandbox,
      Workspaces workspaces,
      Carrying carrying,
      Limits limits,
      boolean networkOpen,
      Duration grace,
      Ticker ticker) {

    /**
     * Refuses what is to be kept apart more than can be done here.
     *
     * @throws InvalidWorkException naming what is asked for
     */
    public void require(Confinement confinement) throws InvalidWorkException {
      if (!sandbox.level().satisfies(confinement.leastLevel())) {
        throw new InvalidWorkException(
            "sandbox_level",
            confinement.leastLevel().name(),
            "at most " + sandbox.level() + " here");
      }
      if (confinement.network() == NetworkAccess.OPEN && !networkOpen) {
        throw new InvalidWorkException("network_access", "OPEN", "NONE: not opened by this worker");
      }
    }
  }

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
    // Packing and unpacking is long work in the kernel, which would hold one of the few carriers.
    Thread.Builder thread =
        work.carried().files() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
    thread.name("weft-shell-" + assignment.key().fileName()).start(run);
    return run::end;
  }
}
