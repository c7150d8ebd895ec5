package dev.weft.worker.sandbox;

import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.Usage.KernelHit;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.linux.AttemptGroup;
import dev.weft.worker.linux.Kernel;
import dev.weft.worker.linux.Kernel.Reaped;
import dev.weft.worker.linux.ProcTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A running sandbox. Its first process is the root of its process namespace: with it the kernel
 * ends everything inside, and it is over only when everything inside is.
 */
final class BubblewrapProcess implements SandboxedProcess {

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final String EXEC_FAILED = "prlimit: failed to execute ";
  private static final long CLEAR_POLL_NANOS = 500_000;
  private static final int CLEAR_POLLS = 40_000;
  private static final Duration LISTENS_WITHIN = Duration.ofSeconds(2);

  private final Process monitor;
  private final long first;
  private final Optional<ProcessHandle> firstHandle;
  private final StatusFile status;
  private final AttemptGroup group;
  private final Kernel kernel;
  private volatile Usage highest = Usage.NOTHING;

  BubblewrapProcess(
      Process monitor, long first, StatusFile status, AttemptGroup group, Kernel kernel) {
    this.monitor = monitor;
    this.first = first;
    // Empty if the command is over already: then there is nothing to signal, and its number may
    // become another's.
    this.firstHandle = ProcessHandle.of(first);
    this.status = status;
    this.group = group;
    this.kernel = kernel;
  }

  @Override
  public InputStream stdout() {
    return monitor.getInputStream();
  }

  @Override
  public InputStream stderr() {
    return monitor.getErrorStream();
  }

  /** Whether it is set up, and its command begun and not ended. */
  boolean commandRuns() {
    return monitor.isAlive() && !ProcTree.below(first).isEmpty();
  }

  boolean isAlive() {
    return monitor.isAlive();
  }

  /**
   * Tells the command that waits for it all that it will ever be told.
   *
   * @throws IOException if it does not listen; it must be ended
   */
  void tell(byte[] words) throws IOException {
    new ToldPipe(monitor.getOutputStream(), LISTENS_WITHIN).tell(words);
  }

  /** Sets other limits on what all of it uses. */
  void limit(Limits limits) throws IOException {
    group.limit(limits);
  }

  @Override
  public Usage usage() {
    Usage now = group.usage(first).atLeast(highest);
    highest = now;
    return now;
  }

  /**
   * The first process has no handler and is the kernel's favourite, so it would ignore the signal:
   * it goes to the others.
   */
  @Override
  public void terminate() {
    if (firstHandle.isEmpty() || !firstHandle.get().isAlive()) {
      return;
    }
    for (long pid : ProcTree.below(first)) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
  }

  /** The first process leads the command's group, and heeds none of these itself. */
  @Override
  public void signal(AgentSignal signal) {
    if (signal == AgentSignal.KILL) {
      kill();
    } else if (firstHandle.isPresent() && firstHandle.get().isAlive()) {
      kernel.signalGroup(first, signal.number());
    }
  }

  @Override
  public void hangUp() {
    if (firstHandle.isPresent() && firstHandle.get().isAlive()) {
      ProcTree.below(first).forEach(pid -> kernel.signal(pid, AgentSignal.HUP.number()));
    }
  }

  @Override
  public void kill() {
    firstHandle.ifPresent(ProcessHandle::destroyForcibly);
  }

  @Override
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return monitor.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public Remains clear() throws SandboxException, InterruptedException {
    try {
      int monitorExit = monitor.waitFor();
      Usage last = reapFirst();
      OptionalLong exit = status.exitCode();
      Usage all = group.usage(first).atLeast(highest).atLeast(last);
      if (exit.isEmpty() && monitorExit != 128 + 9) {
        throw new SandboxException("sandbox: could not be set up (exit code " + monitorExit + ")");
      }
      return new Remains((int) exit.orElse(monitorExit), all);
    } finally {
      group.kill();
      group.close();
    }
  }

  /**
   * The monitor is gone, so the first process ends too; it is ours to wait for unless the monitor
   * did.
   */
  private Usage reapFirst() throws SandboxException {
    for (int i = 0; i < CLEAR_POLLS; i++) {
      switch (kernel.reap(first)) {
        case Reaped.Over over -> {
          return new Usage(over.cpu(), 0, over.peakMemoryBytes(), 0, KernelHit.NONE);
        }
        case Reaped.NotOurs ignored -> {
          if (firstHandle.isEmpty() || !firstHandle.get().isAlive()) {
            return Usage.NOTHING;
          }
        }
        case Reaped.Alive ignored -> kill();
      }
      LockSupport.parkNanos(CLEAR_POLL_NANOS);
    }
    throw new SandboxException("sandbox: process " + first + " does not end");
  }

  @Override
  public boolean commandMissing(int exitCode, CapturedOutput output) {
    return (exitCode == NOT_FOUND || exitCode == NOT_EXECUTABLE)
        && output.stdout().length == 0
        && new String(output.stderr(), StandardCharsets.UTF_8).startsWith(EXEC_FAILED);
  }
}
