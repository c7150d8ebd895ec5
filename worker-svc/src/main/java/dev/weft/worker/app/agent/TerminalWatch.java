package dev.weft.worker.app.agent;

import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.SandboxedProcess.Remains;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.UsagePace;
import dev.weft.worker.app.agent.BodyEnding.Stage;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.Limits;
import java.time.Duration;
import java.util.Optional;

/** Looks after a terminal's shell and all that runs in it. */
final class TerminalWatch {

  private static final Duration LOOK = Duration.ofMillis(50);

  private final SandboxedProcess process;
  private final Limits limits;
  private final BodyEnding ending;
  private final ShellExecutor.Setup setup;

  TerminalWatch(
      SandboxedProcess process, Limits limits, BodyEnding ending, ShellExecutor.Setup setup) {
    this.process = process;
    this.limits = limits;
    this.ending = ending;
    this.setup = setup;
  }

  /**
   * How it ended.
   *
   * @param failure the limit that ended it, if one did
   */
  record End(int exitCode, Optional<Failure> failure) {}

  /** Until nothing of it is left. */
  End attend() throws SandboxException, InterruptedException {
    Optional<Failure> breach = Optional.empty();
    Remains remains;
    try {
      breach = watch();
    } finally {
      process.kill();
      remains = process.clear();
    }
    return new End(
        remains.exitCode(), breach.or(() -> limits.breach(remains.usage(), Duration.ZERO, 0)));
  }

  private Optional<Failure> watch() throws InterruptedException {
    UsagePace pace = new UsagePace(setup.ticker().nanos());
    while (!process.awaitEnd(LOOK)) {
      if (pace.isDue(setup.ticker().nanos())) {
        Optional<Failure> breach = limits.breach(process.usage(), Duration.ZERO, 0);
        if (breach.isPresent()) {
          return breach;
        }
      }
      if (ending.stage() != Stage.LIVES) {
        hangUp();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private void hangUp() throws InterruptedException {
    if (ending.stage() == Stage.KILLED) {
      return;
    }
    process.hangUp();
    long until = setup.ticker().nanos() + setup.grace().toNanos();
    while (ending.stage() != Stage.KILLED
        && until - setup.ticker().nanos() > 0
        && !process.awaitEnd(LOOK)) {
      // Asked again, since it may be killed meanwhile.
    }
  }
}
