package dev.weft.worker.app;

import dev.weft.worker.app.SandboxedProcess.Remains;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.Work;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Looks after a running command: reads what it writes, holds its limits, judges its end. */
final class CommandWatch {

  private static final Logger LOG = Logger.getLogger(CommandWatch.class);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final long OUTPUT_END_SECONDS = 10;
  private static final int SIGNALLED = 128;
  private static final int CPU_SIGNAL = SIGNALLED + 24;

  /** What is watched. */
  record Watched(AttemptKey key, Work.Shell work, Limits limits) {}

  private final Watched watched;
  private final AttemptOutput output;
  private final Halt halt;
  private final ShellExecutor.Setup setup;
  private long startedAt;

  CommandWatch(Watched watched, AttemptOutput output, Halt halt, ShellExecutor.Setup setup) {
    this.watched = watched;
    this.output = output;
    this.halt = halt;
    this.setup = setup;
  }

  /** Until nothing of the command is left. */
  AttemptResult attend(SandboxedProcess process, long started)
      throws SandboxException, InterruptedException {
    startedAt = started;
    OutputPump pump = new OutputPump(output, watched.limits().outputBytes());
    pump.start(watched.key().fileName(), process);
    Optional<Failure> stopped = Optional.empty();
    Remains remains;
    try {
      stopped = watch(process);
    } finally {
      process.kill();
      remains = process.clear();
      output.commandOver();
    }
    if (!pump.await(OUTPUT_END_SECONDS)) {
      LOG.warnf("output does not end: attempt=%s", watched.key());
    }
    Report report =
        new Report(
            remains.exitCode(),
            output.finish(),
            wallTime(),
            remains.usage().cpu(),
            remains.usage().peakMemoryBytes());
    return stopped
        .or(() -> halt.reason().map(EndReason::failure))
        .or(() -> judge(process, remains))
        .map(failure -> AttemptResult.failed(watched.key(), failure, report))
        .orElseGet(() -> AttemptResult.succeeded(watched.key(), report));
  }

  /** Until the command has ended by itself; answers why it had to be stopped, if it had. */
  private Optional<Failure> watch(SandboxedProcess process) throws InterruptedException {
    UsagePace pace = new UsagePace(startedAt);
    while (!process.awaitEnd(LOOK)) {
      Usage used = pace.isDue(setup.ticker().nanos()) ? process.usage() : Usage.NOTHING;
      Optional<Failure> breach = watched.limits().breach(used, wallTime(), output.unloggedBytes());
      if (breach.isPresent()) {
        if (breach.get().reason() == FailureReason.WALL_TIME_LIMIT) {
          endPolitely(process);
        }
        return breach;
      }
      Optional<EndReason> reason = halt.reason();
      if (reason.isPresent()) {
        if (reason.get() != EndReason.LEASE_LOST) {
          endPolitely(process);
        }
        return reason.map(EndReason::failure);
      }
    }
    return Optional.empty();
  }

  private void endPolitely(SandboxedProcess process) throws InterruptedException {
    process.terminate();
    process.awaitEnd(setup.grace());
  }

  /** A command that was gone before anybody looked may still have been ended by a limit. */
  private Optional<Failure> judge(SandboxedProcess process, Remains remains) {
    Limits limits = watched.limits();
    Optional<Failure> breach =
        limits.breach(remains.usage(), Duration.ZERO, output.unloggedBytes());
    if (breach.isPresent()) {
      return breach;
    }
    int exit = remains.exitCode();
    if (exit == 0) {
      return Optional.empty();
    }
    if (remains.usage().peakMemoryBytes() > limits.memoryBytes()) {
      return Optional.of(limits.memoryFailure());
    }
    if (exit == CPU_SIGNAL) {
      return Optional.of(
          new Failure(FailureReason.CPU_TIME_LIMIT, "CPU time: over its limit of one process"));
    }
    return Optional.of(exitFailure(exit, process.commandMissing(exit, output.head())));
  }

  private Failure exitFailure(int exit, boolean missing) {
    if (missing) {
      Work.Shell work = watched.work();
      String program = work.useShell() ? "/bin/sh" : work.argv().getFirst();
      return new Failure(
          FailureReason.COMMAND_NOT_FOUND,
          "program: " + program + " (expected: an executable file in the sandbox)",
          Map.of("program", program));
    }
    return new Failure(
        FailureReason.EXIT_NONZERO,
        "exit code: " + exit + " (expected: 0)",
        Map.of("exit_code", Integer.toString(exit)));
  }

  private Duration wallTime() {
    return Duration.ofNanos(setup.ticker().nanos() - startedAt);
  }
}
