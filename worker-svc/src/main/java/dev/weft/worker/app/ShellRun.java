package dev.weft.worker.app;

import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxedProcess.Remains;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.OutputBuffer;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One command from its workspace to its result. A result is told only when nothing of the command
 * is left.
 */
final class ShellRun implements Runnable {

  private static final Logger LOG = Logger.getLogger(ShellRun.class);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final long OUTPUT_END_SECONDS = 10;
  private static final int SIGNALLED = 128;
  private static final int CPU_SIGNAL = SIGNALLED + 24;
  private static final int SHOWN_BYTES = 300;

  private final ShellExecutor.Setup setup;
  private final Assignment assignment;
  private final Work.Shell work;
  private final Executor.Listener listener;
  private final Limits limits;
  private final AtomicReference<@Nullable EndReason> ending = new AtomicReference<>();
  private final OutputBuffer output = new OutputBuffer();
  private long startedAt;

  ShellRun(
      ShellExecutor.Setup setup,
      Assignment assignment,
      Work.Shell work,
      Executor.Listener listener) {
    this.setup = setup;
    this.assignment = assignment;
    this.work = work;
    this.listener = listener;
    this.limits = setup.limits().forTask(assignment.reserved(), assignment.timeout());
  }

  void end(EndReason reason) {
    ending.compareAndSet(null, reason);
  }

  @Override
  public void run() {
    startedAt = setup.ticker().nanos();
    AttemptResult result;
    try {
      result = runInWorkspace();
    } catch (InvalidWorkException e) {
      result = failed(e.failure());
    } catch (SandboxException | IOException | RuntimeException e) {
      LOG.warnf(e, "attempt could not run: attempt=%s", assignment.key());
      result = failed(new Failure(FailureReason.SANDBOX_FAILED, sandboxMessage(e)));
    } catch (InterruptedException e) {
      result = failed(EndReason.DRAINED.failure());
    }
    listener.ended(result);
  }

  private AttemptResult runInWorkspace()
      throws InvalidWorkException, SandboxException, IOException, InterruptedException {
    requireConfinement();
    var argv = CommandLine.argv(work);
    var environment = CommandLine.environment(assignment, work);
    EndReason before = ending.get();
    if (before != null) {
      return failed(before.failure());
    }
    try (Workspace workspace = setup.workspaces().open(assignment.key(), work)) {
      Command command =
          new Command(
              assignment.key(),
              workspace,
              argv,
              work.workingDirectory(),
              environment,
              work.confinement().network(),
              limits);
      SandboxedProcess process = setup.sandbox().launch(command);
      startedAt = setup.ticker().nanos();
      listener.started(assignment.key());
      return attend(process);
    }
  }

  private void requireConfinement() throws InvalidWorkException {
    if (!setup.sandbox().level().satisfies(work.confinement().leastLevel())) {
      throw new InvalidWorkException(
          "sandbox_level",
          work.confinement().leastLevel().name(),
          "at most " + setup.sandbox().level() + " here");
    }
    if (work.confinement().network() == NetworkAccess.OPEN && !setup.networkOpen()) {
      throw new InvalidWorkException("network_access", "OPEN", "NONE: not opened by this worker");
    }
  }

  private AttemptResult attend(SandboxedProcess process)
      throws SandboxException, InterruptedException {
    OutputPump pump = new OutputPump(output, limits.outputBytes());
    pump.start(assignment.key().fileName(), process);
    Optional<Failure> stopped = Optional.empty();
    Remains remains;
    try {
      stopped = watch(process);
    } finally {
      process.kill();
      remains = process.clear();
    }
    if (!pump.await(OUTPUT_END_SECONDS)) {
      LOG.warnf("output does not end: attempt=%s", assignment.key());
    }
    CapturedOutput captured = output.capture();
    Report report =
        new Report(
            remains.exitCode(),
            captured,
            wallTime(),
            remains.usage().cpu(),
            remains.usage().peakMemoryBytes());
    return stopped
        .or(this::endReason)
        .or(() -> judge(process, remains, captured))
        .map(failure -> AttemptResult.failed(assignment.key(), failure, report))
        .orElseGet(() -> AttemptResult.succeeded(assignment.key(), report));
  }

  /** Until the command has ended by itself; answers why it had to be stopped, if it had. */
  private Optional<Failure> watch(SandboxedProcess process) throws InterruptedException {
    while (!process.awaitEnd(LOOK)) {
      Optional<Failure> breach = limits.breach(process.usage(), wallTime(), output.totalBytes());
      if (breach.isPresent()) {
        if (breach.get().reason() == FailureReason.WALL_TIME_LIMIT) {
          endPolitely(process);
        }
        return breach;
      }
      EndReason reason = ending.get();
      if (reason != null) {
        if (reason != EndReason.LEASE_LOST) {
          endPolitely(process);
        }
        return Optional.of(reason.failure());
      }
    }
    return Optional.empty();
  }

  private void endPolitely(SandboxedProcess process) throws InterruptedException {
    process.terminate();
    process.awaitEnd(setup.grace());
  }

  private Optional<Failure> endReason() {
    return Optional.ofNullable(ending.get()).map(EndReason::failure);
  }

  /** A command that was gone before anybody looked may still have been ended by a limit. */
  private Optional<Failure> judge(
      SandboxedProcess process, Remains remains, CapturedOutput captured) {
    Optional<Failure> breach = limits.breach(remains.usage(), Duration.ZERO, captured.totalBytes());
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
    String program = work.useShell() ? "/bin/sh" : work.argv().getFirst();
    if (process.commandMissing(exit, captured)) {
      return Optional.of(
          new Failure(
              FailureReason.COMMAND_NOT_FOUND,
              "program: " + program + " (expected: an executable file in the sandbox)",
              Map.of("program", program)));
    }
    return Optional.of(
        new Failure(
            FailureReason.EXIT_NONZERO,
            "exit code: " + exit + " (expected: 0)",
            Map.of("exit_code", Integer.toString(exit))));
  }

  private AttemptResult failed(Failure failure) {
    Report report = new Report(0, output.capture(), wallTime(), Duration.ZERO, 0);
    return AttemptResult.failed(assignment.key(), failure, report);
  }

  /**
   * What the sandbox's own programs said is in the output, since the task's command never came to
   * write any.
   */
  private String sandboxMessage(Exception e) {
    byte[] said = output.capture().stderr();
    String text =
        new String(said, 0, Math.min(said.length, SHOWN_BYTES), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + text;
  }

  private Duration wallTime() {
    return Duration.ofNanos(setup.ticker().nanos() - startedAt);
  }
}
