package dev.weft.gateway.session;

import dev.weft.gateway.app.Later;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What all homes of a gateway have under way at the log, bounded in bytes. Who comes while there is
 * no room waits, and who came first goes first. So a log that is slow is asked less often for more,
 * and what its calls hold does not grow with the agents. Safe for threads.
 */
final class LogTurns {

  private static final Logger LOG = Logger.getLogger(LogTurns.class);

  private final Later later;
  private final long mostBytes;
  private final long turnBytes;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private long taken;
  private boolean calling;

  /**
   * @param turnBytes the most that one turn puts under way: there must be room for it before
   */
  LogTurns(Later later, long mostBytes, long turnBytes) {
    if (turnBytes < 1 || turnBytes > mostBytes) {
      throw new IllegalArgumentException(
          "turn: " + turnBytes + " bytes (expected: 1 to " + mostBytes + ")");
    }
    this.later = later;
    this.mostBytes = mostBytes;
    this.turnBytes = turnBytes;
  }

  /** What somebody does when it is its turn, under its home's lock. */
  @FunctionalInterface
  interface Turn {
    UnderWay begin();
  }

  /**
   * What a turn has put under way.
   *
   * @param until the call's end
   */
  record UnderWay(long bytes, CompletionStage<?> until) {

    static final UnderWay NOTHING = new UnderWay(0, CompletableFuture.completedStage(null));
  }

  /**
   * Gives a turn: now, if there is room and nobody waits for it, or when others are done.
   *
   * @param home whose lock the caller holds
   */
  void take(AgentHome home, Turn turn) {
    if (isTaken(home, turn)) {
      begin(turn);
    }
  }

  private synchronized boolean isTaken(AgentHome home, Turn turn) {
    boolean now = waiting.isEmpty() && hasRoom();
    if (now) {
      taken += turnBytes;
    } else {
      waiting.addLast(() -> begin(home, turn));
    }
    return now;
  }

  private void begin(AgentHome home, Turn turn) {
    synchronized (home) {
      begin(turn);
    }
  }

  private void begin(Turn turn) {
    UnderWay its = UnderWay.NOTHING;
    try {
      its = turn.begin();
    } finally {
      free(turnBytes - its.bytes());
    }
    long bytes = its.bytes();
    its.until().whenComplete((_, _) -> free(bytes));
  }

  private boolean hasRoom() {
    return taken + turnBytes <= mostBytes;
  }

  /** Whoever is next goes on on another thread: this one may hold a home's lock. */
  private void free(long bytes) {
    boolean call;
    synchronized (this) {
      taken -= bytes;
      call = !calling && !waiting.isEmpty() && hasRoom();
      calling |= call;
    }
    if (call) {
      later.run(Duration.ZERO, this::call);
    }
  }

  private void call() {
    for (@Nullable Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.error("a home failed when it had its turn at the log, the others go on", e);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    if (waiting.isEmpty() || !hasRoom()) {
      calling = false;
      return null;
    }
    taken += turnBytes;
    return waiting.removeFirst();
  }

  /** Bytes that are under way. */
  synchronized long underWay() {
    return taken;
  }
}
