package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The connections to gateways on which this worker's bodies have their streams: several bodies on
 * each, since a connection of its own for every body is a TLS handshake for every body, also when
 * all of them lose their homes at once. Some wait, connected, where bodies were lately. A body that
 * takes nothing stops no other on its line: the windows of gRPC's connections refill by themselves,
 * and streams have credit of their own. Safe for threads.
 */
final class HomeLines implements AutoCloseable {

  /** So long after the last body came, connected lines wait at a gateway for the next. */
  static final Duration KEPT = Duration.ofMinutes(10);

  /** Gateways at which lines wait; at others they end with their last body. */
  static final int MOST_GATEWAYS = 16;

  /** Lines that may wait at one gateway. */
  static final int MOST_SPARE = 16;

  /** Bodies on one line before another is dialled. */
  static final int BODIES_A_LINE = 32;

  private final Function<String, ManagedChannel> dial;
  private final int spare;
  private final Executor background;
  private final Ticker ticker;
  private final Map<String, Shelf> shelves = new HashMap<>();
  private boolean closed;

  /** The lines to one gateway that may be given to bodies. */
  private static final class Shelf {
    private final List<Line> lines = new ArrayList<>();
    private long askedAt;
  }

  /** A connection, and how many bodies are on it. */
  private static final class Line {
    private final ManagedChannel channel;
    private int bodies;

    Line(ManagedChannel channel) {
      this.channel = channel;
    }

    boolean isReady() {
      return channel.getState(false) == ConnectivityState.READY;
    }

    /** One that is idle connects when it is asked to. */
    boolean isBroken() {
      return switch (channel.getState(bodies == 0)) {
        case IDLE, READY, CONNECTING -> false;
        case TRANSIENT_FAILURE, SHUTDOWN -> true;
      };
    }
  }

  /** A body's place on a line; left once. */
  final class Place {
    private final Shelf shelf;
    private final Line line;
    private boolean left;

    private Place(Shelf shelf, Line line) {
      this.shelf = shelf;
      this.line = line;
    }

    ManagedChannel channel() {
      return line.channel;
    }

    /**
     * The body's stream is over.
     *
     * @param broken it was lost: no other body is to come on this line, as the cause may be the
     *     line's; those that are on it stay
     */
    void leave(boolean broken) {
      synchronized (HomeLines.this) {
        if (!left) {
          left = true;
          leftBy(this, broken);
        }
      }
    }
  }

  /**
   * @param dial makes a connection that is not connected yet
   * @param spare connected lines that there are at a gateway where a body was lately; 0: none waits
   * @param background where lines are made ahead
   */
  HomeLines(Function<String, ManagedChannel> dial, int spare, Executor background, Ticker ticker) {
    if (spare < 0 || spare > MOST_SPARE) {
      throw new IllegalArgumentException(
          "warm lines: %d (expected: 0 to %d)".formatted(spare, MOST_SPARE));
    }
    this.dial = dial;
    this.spare = spare;
    this.background = background;
    this.ticker = ticker;
  }

  /**
   * A place for one body: on a connected line if there is one, on the emptiest of them.
   *
   * @throws IllegalStateException after {@link #close}
   */
  Place take(String address) {
    Place place = claim(address);
    background.execute(() -> refill(address));
    return place;
  }

  private synchronized Place claim(String address) {
    if (closed) {
      throw new IllegalStateException("the lines to gateways are closed");
    }
    Shelf shelf = shelves.computeIfAbsent(address, _ -> new Shelf());
    shelf.askedAt = ticker.nanos();
    dropBroken(shelf);
    Optional<Line> best =
        shelf.lines.stream()
            .filter(line -> line.bodies < BODIES_A_LINE && !line.isBroken())
            .min(
                Comparator.comparing((Line line) -> !line.isReady())
                    .thenComparingInt(l -> l.bodies));
    Line line = best.orElseGet(() -> dialled(shelf, address));
    line.bodies++;
    return new Place(shelf, line);
  }

  private Line dialled(Shelf shelf, String address) {
    Line line = new Line(dial.apply(address));
    line.channel.getState(true);
    shelf.lines.add(line);
    return line;
  }

  private void leftBy(Place place, boolean broken) {
    Line line = place.line;
    Shelf shelf = place.shelf;
    line.bodies--;
    if (broken) {
      shelf.lines.remove(line);
    }
    boolean kept = shelf.lines.contains(line) && waits(shelf);
    if (line.bodies == 0 && !kept) {
      shelf.lines.remove(line);
      line.channel.shutdownNow();
    }
    if (shelf.lines.isEmpty()) {
      shelves.values().remove(shelf);
    }
  }

  /** Whether a line without a body is kept, too. */
  private boolean waits(Shelf shelf) {
    return shelf.lines.size() <= spare
        && shelves.size() <= MOST_GATEWAYS
        && ticker.nanos() - shelf.askedAt < KEPT.toNanos();
  }

  /** Makes as many lines as are to wait. */
  private synchronized void refill(String address) {
    Shelf shelf = shelves.get(address);
    while (!closed && shelf != null && shelf.lines.size() < spare && waits(shelf)) {
      dialled(shelf, address);
    }
  }

  /** Lets go what nobody has asked for lately or what is broken, and makes anew what is missing. */
  synchronized void tend() {
    shelves
        .values()
        .forEach(
            shelf -> {
              dropBroken(shelf);
              shelf.lines.removeIf(line -> line.bodies == 0 && !waits(shelf) && ended(line));
            });
    shelves.values().removeIf(shelf -> shelf.lines.isEmpty() && !waits(shelf));
    shelves.keySet().forEach(this::refill);
  }

  private static void dropBroken(Shelf shelf) {
    shelf.lines.removeIf(line -> line.bodies == 0 && line.isBroken() && ended(line));
  }

  private static boolean ended(Line line) {
    line.channel.shutdownNow();
    return true;
  }

  /** How many lines there are on which the next body may come, at whichever gateway. */
  synchronized int lines() {
    return shelves.values().stream().mapToInt(shelf -> shelf.lines.size()).sum();
  }

  /** Ends what waits; a line with bodies ends with its last. */
  @Override
  public synchronized void close() {
    closed = true;
    shelves.values().stream()
        .flatMap(shelf -> shelf.lines.stream())
        .filter(line -> line.bodies == 0)
        .forEach(HomeLines::ended);
    shelves.values().forEach(shelf -> shelf.lines.clear());
    shelves.clear();
  }
}
