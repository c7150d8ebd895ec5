package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.linux.AttemptGroup;
import dev.weft.worker.linux.AttemptGroups;
import dev.weft.worker.linux.ControlGroups;
import dev.weft.worker.linux.Kernel;
import dev.weft.worker.linux.MemoryFile;
import dev.weft.worker.linux.SharedGroups;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts commands in namespaces of their own, by bubblewrap. */
public final class BubblewrapSandbox implements Sandbox {

  private static final long POLL_NANOS = 300_000;
  private static final Duration SETUP_TIME = Duration.ofSeconds(20);
  private static final int SHOWN_BYTES = 500;

  private final BubblewrapArguments arguments;
  private final Path filter;
  private final LaunchThread launcher;
  private final ControlGroups groups;
  private final Kernel kernel;
  private final long workerPid = ProcessHandle.current().pid();

  BubblewrapSandbox(
      BubblewrapArguments arguments,
      Path filter,
      LaunchThread launcher,
      ControlGroups groups,
      Kernel kernel) {
    this.arguments = arguments;
    this.filter = filter;
    this.launcher = launcher;
    this.groups = groups;
    this.kernel = kernel;
  }

  /** What a command that waited in its sandbox is told, to become this one. */
  byte[] words(Command command) {
    return ToldWords.of(BubblewrapArguments.variables(command), arguments.afterWaiting(command));
  }

  @Override
  public SandboxLevel level() {
    return SandboxLevel.BUBBLEWRAP;
  }

  @Override
  public LimitsScope limitsScope() {
    return groups.scope();
  }

  @Override
  public SandboxedProcess launch(Command command) throws SandboxException, InterruptedException {
    return launch(command, groups, false);
  }

  @Override
  public Shared together(String name, Limits limits, int atOnce) throws SandboxException {
    try {
      return new Shared(groups.together(name, limits, atOnce));
    } catch (IOException e) {
      throw noGroup(e);
    }
  }

  /** Runs commands within groups that hold to limits together. */
  final class Shared implements Together {

    private final SharedGroups within;

    Shared(SharedGroups within) {
      this.within = within;
    }

    @Override
    public SandboxedProcess launch(Command command) throws SandboxException, InterruptedException {
      return BubblewrapSandbox.this.launch(command, within, false);
    }

    /** Starts a command that waits on its file {@link LaunchPlan#TOLD_FD} for what it is told. */
    BubblewrapProcess launchTold(Command command) throws SandboxException, InterruptedException {
      return BubblewrapSandbox.this.launch(command, within, true);
    }

    void limit(Limits limits) throws IOException {
      within.limit(limits);
    }

    @Override
    public void close() {
      within.close();
    }
  }

  private BubblewrapProcess launch(Command command, AttemptGroups within, boolean told)
      throws SandboxException, InterruptedException {
    AttemptGroup group = makeGroup(command, within);
    boolean launched = false;
    try {
      BubblewrapProcess process = start(command, group, told);
      launched = true;
      return process;
    } catch (IOException e) {
      throw new SandboxException("sandbox: could not be started: " + e.getMessage(), e);
    } finally {
      if (!launched) {
        group.kill();
        group.close();
      }
    }
  }

  private static AttemptGroup makeGroup(Command command, AttemptGroups within)
      throws SandboxException {
    try {
      return within.create(
          String.valueOf(command.workspace().backstage().getFileName()), command.limits());
    } catch (IOException e) {
      throw noGroup(e);
    }
  }

  private static SandboxException noGroup(IOException e) {
    return new SandboxException("control group: could not be made: " + e.getMessage(), e);
  }

  private BubblewrapProcess start(Command command, AttemptGroup group, boolean told)
      throws IOException, SandboxException, InterruptedException {
    StatusFile status = new StatusFile(command.workspace().backstage().resolve("status"));
    byte[] environment = BubblewrapArguments.environment(command);
    try (MemoryFile words = MemoryFile.of(environment)) {
      LaunchPlan plan =
          new LaunchPlan(
              group.entrances(),
              filter,
              words.path(),
              status.path(),
              command.terminal(),
              told,
              arguments.commandLine(command));
      ProcessBuilder builder = plan.toProcess(workerPid);
      if (!told) {
        builder.redirectInput(command.workspace().stdin().toFile());
      }
      Process monitor = launcher.start(builder);
      long first = awaitFirst(monitor, status, command);
      return new BubblewrapProcess(monitor, first, status, group, kernel);
    } finally {
      Arrays.fill(environment, (byte) 0);
    }
  }

  /**
   * Bubblewrap names the first process before it lets it go on, so that there is never one that we
   * could not kill.
   */
  private long awaitFirst(Process monitor, StatusFile status, Command command)
      throws SandboxException, InterruptedException {
    for (long waited = 0; waited < SETUP_TIME.toNanos(); waited += POLL_NANOS) {
      boolean over = !monitor.isAlive();
      OptionalLong first = status.childPid();
      if (first.isPresent()) {
        return first.getAsLong();
      }
      if (over) {
        throw failed(monitor);
      }
      LockSupport.parkNanos(POLL_NANOS);
      if (Thread.interrupted()) {
        abandon(monitor, command);
        throw new InterruptedException("sandbox setup");
      }
    }
    abandon(monitor, command);
    throw new SandboxException("sandbox: not set up within " + SETUP_TIME);
  }

  /**
   * A starter that is killed in the wrong moment leaves its child waiting for it for ever: that is
   * found by its mark.
   */
  private void abandon(Process monitor, Command command) throws InterruptedException {
    monitor.destroyForcibly().waitFor(SETUP_TIME.toSeconds(), TimeUnit.SECONDS);
    Leftovers.of(command.workspace().backstage()).kill(kernel);
  }

  private static SandboxException failed(Process monitor) {
    try (InputStream errors = monitor.getErrorStream()) {
      String text = new String(errors.readNBytes(SHOWN_BYTES), StandardCharsets.UTF_8).strip();
      return new SandboxException(
          "sandbox: could not be set up (exit code " + monitor.exitValue() + "): " + text);
    } catch (IOException e) {
      return new SandboxException("sandbox: could not be set up", e);
    }
  }
}
