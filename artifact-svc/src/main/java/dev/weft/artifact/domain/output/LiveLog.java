package dev.weft.artifact.domain.output;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log at its owner. Numbers come without holes; what is not durable is never dropped; one segment
 * at a time is on its way to storage, and what becomes of it is told under the owner epoch in which
 * it was cut. Not safe for threads; times are the owner's monotonic nanoseconds.
 */
public final class LiveLog {

  private static final int BATCH = 64 << 10;

  private final OutputRules rules;
  private final Ring ring = new Ring();
  private LogState state = new LogState.Open();
  private long epoch;
  private long next;
  private long sealed;
  private long sealedBytes;
  private long unsealedBytes;
  private long unsealedCost;
  private long lastAppend;
  private long oldestUnsealed;
  private @Nullable Segment cut;
  private boolean underWay;

  /**
   * @param sealed the last number that is durable
   * @param sealedBytes the bytes up to it
   */
  public LiveLog(OutputRules rules, long epoch, long sealed, long sealedBytes) {
    this.rules = rules;
    this.epoch = epoch;
    this.sealed = sealed;
    this.sealedBytes = sealedBytes;
    this.next = sealed + 1;
  }

  /**
   * A writer has come, under a new epoch of this same owner.
   *
   * @param firstKept what lies before it and did not come is lost
   */
  public void takeUp(long newEpoch, long durable, long durableBytes, long firstKept, long now) {
    if (newEpoch < epoch || durable < sealed) {
      throw new IllegalArgumentException(
          "epoch %d, sealed %d (expected: at least %d, %d)"
              .formatted(newEpoch, durable, epoch, sealed));
    }
    if (durable >= next) {
      throw new IllegalArgumentException(
          "sealed: " + durable + " (expected: < " + next + ", what was received)");
    }
    epoch = newEpoch;
    underWay = false;
    cut = null;
    advance(durable, durableBytes);
    if (state instanceof LogState.Ending ending) {
      state = ending.reopened();
    }
    missing(firstKept - 1, now);
  }

  /** What lies up to this number and did not come will not come any more. */
  public void missing(long upTo, long now) {
    if (upTo >= next) {
      add(new Gap(next, upTo, GapReason.LOG_GAP), now);
    }
  }

  /**
   * Takes what is new of these; numbers that were taken before are dropped.
   *
   * @throws NumberLeftOut and nothing is taken
   * @throws LogFull and nothing is taken
   */
  public void append(List<Chunk> chunks, long now) {
    long expected = next;
    long bytes = sealedBytes + unsealedBytes;
    for (Chunk chunk : chunks) {
      if (chunk.number() > expected) {
        throw new NumberLeftOut(expected, chunk.number());
      }
      if (chunk.number() == expected) {
        expected++;
        bytes += chunk.bytes();
      }
    }
    if (bytes > rules.mostBytes()) {
      throw new LogFull(rules.mostBytes());
    }
    if (!(state instanceof LogState.Open)) {
      return;
    }
    for (Chunk chunk : chunks) {
      if (chunk.number() == next) {
        add(chunk, now);
      }
    }
    ring.evict(sealed, rules.ringBytes());
  }

  /** The writer writes no more. */
  public void end() {
    if (state instanceof LogState.Open open) {
      state = open.ended();
    }
  }

  /**
   * The next segment, if one is due. It is under way until {@link #sealed} or {@link #notSealed};
   * after a failure the same one is cut again, since storage may have it.
   *
   * @param pressed somebody waits for room
   */
  public Optional<Segment> cut(long now, boolean pressed) {
    if (underWay || isOver() || sealed == next - 1) {
      return Optional.empty();
    }
    if (cut == null && !isDue(now, pressed)) {
      return Optional.empty();
    }
    if (cut == null) {
      cut = new Segment(ring.after(sealed, Long.MAX_VALUE));
    }
    underWay = true;
    return Optional.of(cut);
  }

  /** The segment cut in this epoch is durable. One of an earlier epoch says nothing. */
  public void sealed(long inEpoch, Segment segment) {
    if (inEpoch == epoch && segment.last() > sealed) {
      underWay = false;
      cut = null;
      advance(segment.last(), sealedBytes + segment.bytes());
    }
  }

  /** It may or may not be durable. */
  public void notSealed(long inEpoch) {
    if (inEpoch == epoch) {
      underWay = false;
    }
  }

  /** Whether all is durable and only the end is not. */
  public boolean isDrained() {
    return state instanceof LogState.Ending && sealed == next - 1 && !underWay;
  }

  /** The end is durable too. */
  public void closed(long inEpoch) {
    if (inEpoch == epoch && state instanceof LogState.Ending ending && isDrained()) {
      state = ending.closed(endOf());
    }
  }

  /** Somebody else owns the log. */
  public void takenOver() {
    state =
        switch (state) {
          case LogState.Open open -> open.takenOver();
          case LogState.Ending ending -> ending.takenOver();
          case LogState.Closed closed -> closed;
          case LogState.TakenOver over -> over;
        };
  }

  /** What there is for a reader who has everything up to this number. */
  public Reading read(long after) {
    if (state instanceof LogState.TakenOver) {
      return new Reading.Moved();
    }
    if (after >= next - 1) {
      return state instanceof LogState.Closed closed
          ? new Reading.AtEnd(closed.end())
          : new Reading.CaughtUp();
    }
    if (ring.isEmpty() || ring.first() > after + 1) {
      return new Reading.Behind(sealed);
    }
    return new Reading.Entries(ring.after(after, BATCH));
  }

  /** Whether so much more may be taken now, as far as this log alone is concerned. */
  public boolean hasRoom(long more) {
    return unsealedCost == 0 || unsealedCost + more <= rules.unsealedBytes();
  }

  /** Keeps no more than this of what is durable. */
  public void trim(long most) {
    ring.evict(sealed, most);
  }

  public LogState state() {
    return state;
  }

  public long epoch() {
    return epoch;
  }

  /** The last number that is here. */
  public long received() {
    return next - 1;
  }

  /** The last number that is durable. */
  public long sealed() {
    return sealed;
  }

  /** The bytes that are durable. */
  public long sealedBytes() {
    return sealedBytes;
  }

  /** What is not durable takes so much memory. */
  public long unsealedCost() {
    return unsealedCost;
  }

  /** All that is held takes so much memory. */
  public long cost() {
    return ring.cost();
  }

  private LogEnd endOf() {
    return new LogEnd(sealed, sealedBytes);
  }

  private boolean isOver() {
    return state instanceof LogState.Closed || state instanceof LogState.TakenOver;
  }

  private boolean isDue(long now, boolean pressed) {
    long silence = rules.silence().toNanos();
    return pressed
        || state instanceof LogState.Ending
        || unsealedBytes >= rules.segmentBytes()
        || unsealedCost >= rules.unsealedBytes() / 2
        || now - lastAppend >= silence
        || now - oldestUnsealed >= silence * OutputRules.OLDEST;
  }

  private void add(Entry entry, long now) {
    if (sealed == next - 1) {
      oldestUnsealed = now;
    }
    ring.add(entry);
    next = entry.last() + 1;
    unsealedBytes += entry.bytes();
    unsealedCost += entry.cost();
    lastAppend = now;
  }

  private void advance(long durable, long durableBytes) {
    for (Entry entry : durable > sealed ? ring.after(sealed, Long.MAX_VALUE) : List.<Entry>of()) {
      if (entry.last() <= durable) {
        unsealedBytes -= entry.bytes();
        unsealedCost -= entry.cost();
      }
    }
    sealed = durable;
    sealedBytes = durableBytes;
    oldestUnsealed = lastAppend;
    ring.evict(sealed, rules.ringBytes());
  }
}
