package dev.weft.worker.app.agent;

import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.agent.BodyEnding.Stage;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.SessionEvent.Notice;
import dev.weft.worker.domain.agent.SessionEvent.TerminalEnded;
import dev.weft.worker.domain.agent.TerminalSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An agent's terminal: opened by the first input or size, and again by the first input after its
 * shell has ended. Safe for threads; nothing here blocks its callers.
 */
final class Terminal {

  private static final Logger LOG = Logger.getLogger(Terminal.class);
  private static final Path BASH = Path.of("/bin/bash");
  private static final Map<String, String> ENVIRONMENT = Map.of("TERM", "xterm-256color");
  private static final int NOT_RUN = 126;

  private final BodySandbox sandbox;
  private final FrameStore frames;
  private final BodyEnding ending;
  private final ShellExecutor.Setup setup;
  private final Keystrokes keystrokes = new Keystrokes();
  private TerminalSize size = TerminalSize.USUAL;
  private @Nullable Pty open;
  private @Nullable Thread thread;
  private boolean wanted;

  Terminal(BodySandbox sandbox, FrameStore frames, BodyEnding ending, ShellExecutor.Setup setup) {
    this.sandbox = sandbox;
    this.frames = frames;
    this.ending = ending;
    this.setup = setup;
  }

  /** Types, at most once: what the programs take too slowly is lost, and people are told. */
  synchronized void input(byte[] bytes) {
    if (!keystrokes.add(bytes)) {
      LOG.debugf("terminal input is lost, too much waits: bytes=%d", bytes.length);
      if (keystrokes.lose()) {
        frames.offer(
            new Notice(
                new Failure(
                    FailureReason.INPUT_FULL,
                    "terminal input: some is dropped, more waits than its programs take")));
      }
    }
    want();
  }

  synchronized void resize(TerminalSize next) {
    size = next;
    Pty now = open;
    if (now == null) {
      want();
      return;
    }
    try {
      now.resize(next);
    } catch (IOException e) {
      LOG.debugf("terminal is over, its size stays: error=%s", e.getMessage());
    }
  }

  /** Whether a shell is there, in which anything may go on. */
  synchronized boolean isOpen() {
    return open != null;
  }

  private void want() {
    wanted = true;
    if (thread == null && ending.stage() == Stage.LIVES) {
      thread = Thread.ofPlatform().daemon().name("weft-terminal").start(this::run);
    }
  }

  /** Waits until nothing of it is left, at most so long; answers whether it is so. */
  boolean awaitEnd(long millis) throws InterruptedException {
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.join(Math.max(1, millis));
    }
    return running == null || !running.isAlive();
  }

  private void run() {
    try {
      while (stillWanted()) {
        frames.put(session());
      }
    } catch (InterruptedException e) {
      LOG.debug("terminal is not wanted any more");
    }
  }

  private synchronized boolean stillWanted() {
    boolean goesOn = wanted && ending.stage() == Stage.LIVES;
    wanted = false;
    if (!goesOn) {
      thread = null;
    }
    return goesOn;
  }

  /** One shell, until nothing of it is left. */
  private TerminalEnded session() throws InterruptedException {
    try (Pty pty = sandbox.openTerminal()) {
      return attend(pty);
    } catch (IOException | SandboxException | InvalidWorkException | RuntimeException e) {
      LOG.warnf(e, "terminal could not be opened");
      String message = "terminal: " + e.getMessage();
      frames.put(new Notice(new Failure(FailureReason.SANDBOX_FAILED, message)));
      return new TerminalEnded(NOT_RUN);
    } finally {
      forget();
    }
  }

  private TerminalEnded attend(Pty pty)
      throws IOException, SandboxException, InvalidWorkException, InterruptedException {
    opened(pty);
    BodySandbox.Running running = sandbox.launch(shell(), ENVIRONMENT, Optional.of(pty.device()));
    try (var _ = running.place()) {
      TerminalPump pump = new TerminalPump(pty, frames, keystrokes, setup.ticker());
      pump.start();
      TerminalWatch watch = new TerminalWatch(running.process(), sandbox.limits(), ending, setup);
      TerminalWatch.End end = watch.attend();
      shut();
      pump.await();
      if (end.failure().isPresent()) {
        frames.put(new Notice(end.failure().get()));
      }
      return new TerminalEnded(end.exitCode());
    }
  }

  /** A shell that is interactive, in the workspace. */
  private static List<String> shell() {
    return List.of(Files.isExecutable(BASH) ? BASH.toString() : "/bin/sh", "-i");
  }

  private synchronized void opened(Pty pty) throws IOException {
    pty.resize(size);
    open = pty;
    keystrokes.open();
  }

  /** What was typed for the shell that is over is not for the next one. */
  private synchronized void shut() {
    keystrokes.shut();
    open = null;
    wanted = false;
  }

  private synchronized void forget() {
    if (open != null) {
      shut();
    }
  }
}
