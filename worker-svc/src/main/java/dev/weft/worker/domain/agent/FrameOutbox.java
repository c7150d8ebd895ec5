package dev.weft.worker.domain.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A body's frames, numbered from 1 without gaps. What waits to be acknowledged is never dropped,
 * and nothing grows over the bound: who has a frame asks first whether there is room. What is
 * acknowledged stays until its room is needed, since a home that dies may not have handed it on.
 * Output leaves some of the room to the frames that say how things stand. Not safe for threads.
 */
public final class FrameOutbox {

  /** Of all frames that are kept, at most. */
  public static final long BOUND_BYTES = 4L << 20;

  private static final int RESERVED_PART = 16;

  private long bound;
  private final NavigableMap<Long, SessionFrame> kept = new TreeMap<>();
  private long bytes;
  private long waiting;
  private long acked;
  private long last;

  public FrameOutbox(long bound) {
    this.bound = bound;
  }

  /** Whether there is room for it. */
  public boolean takes(SessionEvent event) {
    long room = event.output() ? bound - bound / RESERVED_PART : bound;
    return waiting + SessionFrame.weight(event) <= room;
  }

  /**
   * Numbers an event and keeps it.
   *
   * @throws IllegalStateException if there is no room
   */
  public SessionFrame add(Instant at, SessionEvent event) {
    if (!takes(event)) {
      throw new IllegalStateException("frames: %d bytes wait (expected: room)".formatted(waiting));
    }
    SessionFrame frame = new SessionFrame(++last, at, event);
    kept.put(frame.number(), frame);
    bytes += frame.weight();
    waiting += frame.weight();
    trim();
    return frame;
  }

  /** From now on there is more room, or less: what waits stays all the same. */
  public void bound(long mostBytes) {
    bound = mostBytes;
    trim();
  }

  private void trim() {
    while (bytes > bound && kept.firstKey() <= acked) {
      bytes -= kept.pollFirstEntry().getValue().weight();
    }
  }

  /**
   * Those up to this number are kept elsewhere, too; one that was never made is not believed. They
   * stay while there is room: another home may need them.
   */
  public void acknowledged(long through) {
    long now = Math.min(through, last);
    if (now > acked) {
      kept.subMap(acked, false, now, true).values().forEach(frame -> waiting -= frame.weight());
      acked = now;
    }
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

  /** The first that can still be sent: the next one to be made before there is any. */
  public long oldest() {
    return kept.isEmpty() ? last + 1 : kept.firstKey();
  }

  public long last() {
    return last;
  }

  /** Whether what waits to be acknowledged takes half of the room. */
  public boolean isCrowded() {
    return waiting >= bound / 2;
  }

  /** Whether none waits to be acknowledged. */
  public boolean isEmpty() {
    return acked == last;
  }

  /** Of those that wait to be acknowledged. */
  public long bytes() {
    return waiting;
  }
}
