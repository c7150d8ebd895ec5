package dev.weft.worker.app.agent;

import dev.weft.worker.app.CommandLine;
import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.SandboxedProcess.Remains;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.UsagePace;
import dev.weft.worker.app.agent.BodyEnding.Stage;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.agent.AgentCommand;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.domain.agent.SessionEvent.CommandEnded;
import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One command of an agent, from its start until nothing of it is left. */
final class CommandRun implements Runnable {

  private static final Logger LOG = Logger.getLogger(CommandRun.class);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int NOT_RUN = 126;
  private static final int NOT_FOUND = 127;
  private static final int CPU_SIGNAL = 128 + 24;

  /** Changes into a folder of the workspace inside the sandbox, where links lead nowhere else. */
  private static final String ENTER = "cd -- \"$1\" || exit 126; shift; exec \"$@\"";

  private final AgentCommand command;
  private final BodySandbox sandbox;
  private final FrameStore frames;
  private final BodyEnding ending;
  private final ShellExecutor.Setup setup;
  private final Consumer<String> onEnd;
  private @Nullable SandboxedProcess process;
  private final List<AgentSignal> early = new ArrayList<>();
  private @Nullable AgentSignal last;

  CommandRun(
      AgentCommand command,
      BodySandbox sandbox,
      FrameStore frames,
      BodyEnding ending,
      ShellExecutor.Setup setup,
      Consumer<String> onEnd) {
    this.command = command;
    this.sandbox = sandbox;
    this.frames = frames;
    this.ending = ending;
    this.setup = setup;
    this.onEnd = onEnd;
  }

  /** Sends it a signal, as soon as it runs. */
  synchronized void signal(AgentSignal signal) {
    last = signal;
    SandboxedProcess running = process;
    if (running == null) {
      early.add(signal);
    } else {
      running.signal(signal);
    }
  }

  private synchronized void running(SandboxedProcess started) {
    process = started;
    early.forEach(started::signal);
    early.clear();
  }

  private synchronized void over() {
    process = null;
  }

  @Override
  public void run() {
    CommandEnded end;
    try {
      end = carryOut();
    } catch (InvalidWorkException e) {
      end = ended(NOT_RUN, Optional.of(e.failure()));
    } catch (SandboxException | IOException | RuntimeException e) {
      LOG.warnf(e, "command could not run: command=%s", command.id());
      String message = String.valueOf(e.getMessage());
      end = ended(NOT_RUN, Optional.of(new Failure(FailureReason.SANDBOX_FAILED, message)));
    } catch (InterruptedException e) {
      end = ended(NOT_RUN, Optional.of(interrupted()));
    }
    try {
      frames.put(end);
    } catch (InterruptedException e) {
      LOG.debugf("nobody waits for its end: command=%s", command.id());
    } finally {
      onEnd.accept(command.id());
    }
  }

  private CommandEnded ended(int exitCode, Optional<Failure> failure) {
    return new CommandEnded(command.id(), exitCode, failure);
  }

  private CommandEnded carryOut()
      throws InvalidWorkException, SandboxException, IOException, InterruptedException {
    List<String> argv = argv();
    // Before it runs: while there is no room even for this, nothing is to begin.
    frames.put(new CommandStarted(command.id()));
    if (ending.stage() != Stage.LIVES) {
      return ended(NOT_RUN, Optional.of(interrupted()));
    }
    BodySandbox.Running running = sandbox.launch(argv, environment(), Optional.empty());
    try (var _ = running.place()) {
      return attend(running.process());
    }
  }

  private List<String> argv() throws InvalidWorkException {
    List<String> argv = CommandLine.argv(command.argv(), command.useShell());
    if (command.workingDirectory().isEmpty()) {
      return argv;
    }
    if (command.workingDirectory().indexOf('\0') >= 0) {
      throw new InvalidWorkException("working_directory", "a NUL character", "text without it");
    }
    List<String> entering = new ArrayList<>(List.of("/bin/sh", "-c", ENTER, "sh"));
    entering.add(command.workingDirectory());
    entering.addAll(argv);
    return entering;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT_COMMAND_ID", command.id());
    if (!command.traceparent().isEmpty()) {
      environment.put("TRACEPARENT", command.traceparent());
    }
    return environment;
  }

  private CommandEnded attend(SandboxedProcess started)
      throws SandboxException, InterruptedException {
    CommandPump pump = new CommandPump(command.id(), frames, setup.ticker());
    Optional<Failure> stopped = Optional.empty();
    Remains remains;
    try {
      pump.start(started);
      running(started);
      stopped = watch(started);
    } finally {
      over();
      started.kill();
      remains = started.clear();
    }
    pump.await();
    Optional<Failure> failure = stopped.or(() -> judge(started, remains, pump));
    return ended(remains.exitCode(), failure);
  }

  /** Until the command has ended by itself; answers why it had to be stopped, if it had. */
  private Optional<Failure> watch(SandboxedProcess started) throws InterruptedException {
    long startedAt = setup.ticker().nanos();
    UsagePace pace = new UsagePace(startedAt);
    while (!started.awaitEnd(LOOK)) {
      if (pace.isDue(setup.ticker().nanos())) {
        Optional<Failure> breach = sandbox.limits().breach(started.usage(), Duration.ZERO, 0);
        if (breach.isPresent()) {
          return breach;
        }
      }
      Duration ran = Duration.ofNanos(setup.ticker().nanos() - startedAt);
      Optional<Duration> timeout = command.timeout().filter(most -> ran.compareTo(most) > 0);
      if (timeout.isPresent()) {
        endPolitely(started);
        return Optional.of(timedOut(timeout.get()));
      }
      if (ending.stage() != Stage.LIVES) {
        endPolitely(started);
        return Optional.of(interrupted());
      }
    }
    return Optional.empty();
  }

  private void endPolitely(SandboxedProcess started) throws InterruptedException {
    if (ending.stage() == Stage.KILLED) {
      return;
    }
    started.terminate();
    long until = setup.ticker().nanos() + setup.grace().toNanos();
    while (ending.stage() != Stage.KILLED
        && until - setup.ticker().nanos() > 0
        && !started.awaitEnd(LOOK)) {
      // Asked again, since it may be killed meanwhile.
    }
  }

  private static Failure timedOut(Duration timeout) {
    return new Failure(
        FailureReason.WALL_TIME_LIMIT,
        "run time: over its timeout (expected: <= " + timeout + ")",
        Map.of("wall_millis", Long.toString(timeout.toMillis())));
  }

  static Failure interrupted() {
    return new Failure(FailureReason.COMMAND_INTERRUPTED, "ended because the agent's body ends");
  }

  /** Why a command ended that nobody had to stop; an exit code by itself is no failure here. */
  private Optional<Failure> judge(SandboxedProcess started, Remains remains, CommandPump pump) {
    Limits limits = sandbox.limits();
    Usage usage = remains.usage();
    int exit = remains.exitCode();
    Optional<Failure> breach = limits.breach(usage, Duration.ZERO, 0);
    if (breach.isPresent() || exit == 0) {
      return breach;
    }
    if (usage.peakMemoryBytes() > limits.memoryBytes()) {
      return Optional.of(limits.memoryFailure());
    }
    if (exit == CPU_SIGNAL) {
      return Optional.of(
          new Failure(FailureReason.CPU_TIME_LIMIT, "CPU time: over its limit of one process"));
    }
    if (exit <= NOT_FOUND && started.commandMissing(exit, pump.head())) {
      String program = command.useShell() ? "/bin/sh" : command.argv().getFirst();
      return Optional.of(
          new Failure(
              FailureReason.COMMAND_NOT_FOUND,
              "program: " + program + " (expected: an executable file in the sandbox)",
              Map.of("program", program)));
    }
    return signalled(exit);
  }

  private synchronized Optional<Failure> signalled(int exit) {
    AgentSignal sent = last;
    return sent == null || sent.exitCode() != exit
        ? Optional.empty()
        : Optional.of(signalFailure(sent));
  }

  /** Somebody ended it. */
  static Failure signalFailure(AgentSignal signal) {
    return new Failure(
        FailureReason.CANCELLED_BY_USER,
        "ended by the signal " + signal,
        Map.of("signal", signal.name()));
  }
}
