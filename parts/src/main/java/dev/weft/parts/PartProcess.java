package dev.weft.parts;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One part of the local mesh that is a real server in a child process. Safe for concurrent use. */
public abstract sealed class PartProcess implements AutoCloseable
    permits PostgresProcess, RedisProcess, ConsulProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Tool tool;
  private final Launch launch;
  private final String stopSignal;
  private @Nullable ChildProcess child;

  PartProcess(Tool tool, Launch launch, String stopSignal) {
    this.tool = tool;
    this.launch = launch;
    this.stopSignal = stopSignal;
  }

  /** Starts the server unless it runs, and returns once it answers. */
  public final void start() {
    spawn();
    awaitReady();
  }

  /** Starts the server unless it runs; {@link #awaitReady} tells when it answers. */
  public final synchronized void spawn() {
    if (!isRunning()) {
      child = ChildProcess.start(launch);
    }
  }

  /** Takes over a server that was started detached; it may have ended meanwhile. */
  public final synchronized void attach(ProcessStamp stamp) {
    child = ChildProcess.attach(stamp, launch.log());
  }

  public final Launch launch() {
    return launch;
  }

  /** Empty before the first start. */
  public final synchronized Optional<ProcessStamp> stamp() {
    return Optional.ofNullable(child).map(ChildProcess::stamp);
  }

  public final synchronized boolean isRunning() {
    return child != null && child.isRunning();
  }

  /** SIGKILL to the server and its children: a crash, as far as its data is concerned. */
  public final synchronized void kill() {
    if (child != null) {
      child.kill();
    }
  }

  /** An orderly end; killed if it doesn't come. */
  public final synchronized void stop() {
    if (child != null) {
      child.stop(stopSignal, STOP_LIMIT);
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Returns once it answers; throws with its last words if it ends before. */
  public final void awaitReady() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    String last = "no answer";
    while (System.nanoTime() - end < 0) {
      ensureAlive();
      try {
        probe();
        return;
      } catch (NotReadyException e) {
        last = String.valueOf(e.getMessage());
        if (e.isFinal()) {
          break;
        }
      }
      ChildProcess.pause(POLL);
    }
    kill();
    throw new PartsException(tool.title() + " doesn't answer: " + last);
  }

  /** Whether a server that ended while it started is worth another try. */
  boolean canRetry(String lastWords) {
    return false;
  }

  /** Returns if the server answers. */
  abstract void probe() throws NotReadyException;

  private synchronized void ensureAlive() {
    if (isRunning()) {
      return;
    }
    String lastWords = child == null ? "it was not started" : child.logTail();
    if (!canRetry(lastWords)) {
      throw new PartsException(tool.title() + " ended while starting: " + lastWords);
    }
    ChildProcess.pause(Duration.ofMillis(200));
    child = ChildProcess.start(launch);
  }

  /** The server doesn't answer. */
  static final class NotReadyException extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean lasting;

    NotReadyException(String message, boolean lasting) {
      super(message);
      this.lasting = lasting;
    }

    /** Waiting won't help. */
    boolean isFinal() {
      return lasting;
    }
  }
}
