package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Lines to gateways that are connected before a body asks for one: of all that a start takes on a
 * worker, dialling takes the most. Each is handed out once, for one body, and is that body's to
 * end; none comes back. They wait only at gateways that a body was at lately. Safe for threads.
 */
final class WarmLines implements AutoCloseable {

  /** So long after the last body at a gateway lines wait for the next. */
  static final Duration KEPT = Duration.ofMinutes(10);

  /** Gateways at which lines wait; at others a body dials. */
  static final int MOST_GATEWAYS = 16;

  /** Lines that may wait at one gateway. */
  static final int MOST_SPARE = 16;

  private final Function<String, ManagedChannel> dial;
  private final int spare;
  private final Executor background;
  private final Ticker ticker;
  private final Map<String, Shelf> shelves = new HashMap<>();
  private boolean closed;

  /** What waits at one gateway, the oldest first. */
  private static final class Shelf {
    private final Deque<ManagedChannel> lines = new ArrayDeque<>();
    private long askedAt;
  }

  /**
   * @param dial makes a line that is not connected yet
   * @param spare lines that wait at each gateway; 0: every body dials
   * @param background where lines are made anew
   */
  WarmLines(Function<String, ManagedChannel> dial, int spare, Executor background, Ticker ticker) {
    if (spare < 0 || spare > MOST_SPARE) {
      throw new IllegalArgumentException(
          "warm lines: %d (expected: 0 to %d)".formatted(spare, MOST_SPARE));
    }
    this.dial = dial;
    this.spare = spare;
    this.background = background;
    this.ticker = ticker;
  }

  /** A line for one body: one that is connected if any waits, else one that is still to connect. */
  ManagedChannel take(String address) {
    Optional<ManagedChannel> warm = claim(address);
    background.execute(() -> refill(address));
    return warm.orElseGet(() -> dial.apply(address));
  }

  private synchronized Optional<ManagedChannel> claim(String address) {
    boolean room = shelves.containsKey(address) || shelves.size() < MOST_GATEWAYS;
    if (closed || !room) {
      return Optional.empty();
    }
    Shelf shelf = shelves.computeIfAbsent(address, _ -> new Shelf());
    shelf.askedAt = ticker.nanos();
    dropBroken(shelf);
    Optional<ManagedChannel> ready =
        shelf.lines.stream()
            .filter(line -> line.getState(false) == ConnectivityState.READY)
            .findFirst();
    ready.ifPresent(shelf.lines::remove);
    return ready;
  }

  /** Makes as many lines as are to wait. */
  private synchronized void refill(String address) {
    Shelf shelf = shelves.get(address);
    while (!closed && shelf != null && shelf.lines.size() < spare) {
      ManagedChannel line = dial.apply(address);
      line.getState(true);
      shelf.lines.addLast(line);
    }
  }

  /** Lets go what nobody has asked for lately or what is broken, and makes anew what is missing. */
  synchronized void tend() {
    long now = ticker.nanos();
    shelves
        .values()
        .removeIf(
            shelf -> {
              boolean old = now - shelf.askedAt >= KEPT.toNanos();
              if (old) {
                shelf.lines.forEach(ManagedChannel::shutdownNow);
              }
              return old;
            });
    shelves.values().forEach(WarmLines::dropBroken);
    shelves.keySet().forEach(this::refill);
  }

  private static void dropBroken(Shelf shelf) {
    shelf.lines.removeIf(
        line -> {
          boolean broken =
              switch (line.getState(false)) {
                case READY, CONNECTING -> false;
                case IDLE, TRANSIENT_FAILURE, SHUTDOWN -> true;
              };
          if (broken) {
            line.shutdownNow();
          }
          return broken;
        });
  }

  /** How many lines wait, at whichever gateway. */
  synchronized int waiting() {
    return shelves.values().stream().mapToInt(shelf -> shelf.lines.size()).sum();
  }

  /** Ends what waits; what was taken is its bodies' to end. */
  @Override
  public synchronized void close() {
    closed = true;
    shelves.values().forEach(shelf -> shelf.lines.forEach(ManagedChannel::shutdownNow));
    shelves.clear();
  }
}
