package dev.weft.artifact.app.output;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The place of a log's writer: its stream, the frames of it that have no room yet, and what it was
 * told. Under its keeper's lock.
 */
final class WriterSeat {

  private final long window;
  private final Deque<Frame> held = new ArrayDeque<>();
  private @Nullable WriterLink link;
  private long heldCost;
  private boolean stopped;
  private long toldReceived;
  private long toldSealed;
  private long emptySince;

  /**
   * @param window so much is held before the stream has to stop
   */
  WriterSeat(long window, long now) {
    this.window = window;
    this.emptySince = now;
  }

  void sit(WriterLink newcomer) {
    link = newcomer;
    toldReceived = -1;
    toldSealed = -1;
  }

  /** Ends the stream's part here; what it still had to say is forgotten. */
  Optional<WriterLink> leave(long now) {
    Optional<WriterLink> gone = Optional.ofNullable(link);
    if (link != null) {
      emptySince = now;
    }
    link = null;
    held.clear();
    heldCost = 0;
    stopped = false;
    return gone;
  }

  @SuppressWarnings("ReferenceEquality") // a link is equal to itself alone
  boolean is(WriterLink someone) {
    return someone == link;
  }

  boolean isEmpty() {
    return link == null;
  }

  long emptySince() {
    return emptySince;
  }

  /** Keeps a frame for which there is no room yet. */
  void hold(Frame frame) {
    held.add(frame);
    heldCost += frame.cost();
  }

  boolean holds() {
    return !held.isEmpty();
  }

  /** Whether the end of the log is among what is held. */
  boolean holdsEnd() {
    return !held.isEmpty() && held.getLast().end();
  }

  long heldCost() {
    return heldCost;
  }

  /** Whether the stream may send on; if not, {@link #resumed} tells when. */
  boolean maySend() {
    stopped = heldCost > window;
    return !stopped;
  }

  /** Gives out what is held, in order, as long as there is room. */
  void handOut(Predicate<Frame> room, Consumer<Frame> taker) {
    while (!held.isEmpty() && room.test(held.getFirst())) {
      Frame frame = held.removeFirst();
      heldCost -= frame.cost();
      taker.accept(frame);
    }
  }

  /** The stream, once, if it was stopped and may go on. */
  Optional<WriterLink> resumed() {
    if (!stopped || heldCost > window) {
      return Optional.empty();
    }
    stopped = false;
    return Optional.ofNullable(link);
  }

  /** The stream, if this is news to it. */
  Optional<WriterLink> toTell(long received, long sealed) {
    if (received == toldReceived && sealed == toldSealed) {
      return Optional.empty();
    }
    toldReceived = received;
    toldSealed = sealed;
    return Optional.ofNullable(link);
  }
}
