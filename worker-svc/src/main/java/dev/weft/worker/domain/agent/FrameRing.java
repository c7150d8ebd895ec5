package dev.weft.worker.domain.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A body's frames from their making until the home keeps them, numbered from 1 without gaps.
 * Nothing is dropped and nothing grows over the bound: who has a frame asks first whether there is
 * room. Output leaves some of the room to the frames that say how things stand. Not safe for
 * threads.
 */
public final class FrameRing {

  /** Of all frames that wait to be acknowledged. */
  public static final long BOUND_BYTES = 4L << 20;

  private static final int RESERVED_PART = 16;

  private final long bound;
  private final NavigableMap<Long, SessionFrame> kept = new TreeMap<>();
  private long bytes;
  private long last;

  public FrameRing(long bound) {
    this.bound = bound;
  }

  /** Whether there is room for it. */
  public boolean takes(SessionEvent event) {
    long room = event.output() ? bound - bound / RESERVED_PART : bound;
    return bytes + SessionFrame.weight(event) <= room;
  }

  /**
   * Numbers an event and keeps it.
   *
   * @throws IllegalStateException if there is no room
   */
  public SessionFrame add(Instant at, SessionEvent event) {
    if (!takes(event)) {
      throw new IllegalStateException("frames: %d bytes wait (expected: room)".formatted(bytes));
    }
    SessionFrame frame = new SessionFrame(++last, at, event);
    kept.put(frame.number(), frame);
    bytes += frame.weight();
    return frame;
  }

  /** Those up to this number are kept elsewhere; one that was never made is not believed. */
  public void acknowledged(long through) {
    var gone = kept.headMap(through, true);
    gone.values().forEach(frame -> bytes -= frame.weight());
    gone.clear();
  }

  /** The next ones after a number, at least one if there is any, up to a size. */
  public List<SessionFrame> after(long number, int mostBytes) {
    List<SessionFrame> next = new ArrayList<>();
    int size = 0;
    for (SessionFrame frame : kept.tailMap(number, false).values()) {
      if (!next.isEmpty() && size + frame.weight() > mostBytes) {
        break;
      }
      size += frame.weight();
      next.add(frame);
    }
    return next;
  }

  /** The first that can still be sent: the next one to be made if none waits. */
  public long oldest() {
    return kept.isEmpty() ? last + 1 : kept.firstKey();
  }

  public long last() {
    return last;
  }

  /** Whether none waits. */
  public boolean isEmpty() {
    return kept.isEmpty();
  }

  public long bytes() {
    return bytes;
  }
}
