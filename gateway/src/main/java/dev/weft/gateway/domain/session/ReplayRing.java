package dev.weft.gateway.domain.session;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last frames of one session, as many as fit into a bound of bytes, in their order. Nothing is
 * missing in silence: between two frames of which the second is not known to follow the first, and
 * before the oldest, a reader is told a gap. Not safe for threads.
 */
public final class ReplayRing<F> {

  private final long mostBytes;
  private final TreeMap<Place, Kept<F>> frames = new TreeMap<>();
  private long bytes;
  private Place evictedThrough = Place.START;

  /**
   * @param mostBytes of all frames; the newest one is kept however large it is
   */
  public ReplayRing(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * @param afterLoss frames that nobody has may have been before it
   */
  private record Kept<F>(F frame, int bytes, boolean afterLoss) {}

  /** What comes after a reader's place. */
  public sealed interface Step<F> {}

  /** The next frame. */
  public record Next<F>(Place place, F frame) implements Step<F> {}

  /**
   * Frames are missing.
   *
   * @param after the reader's place
   * @param until the next frame that is there; absent if there is none yet
   * @param resume where the reader goes on
   */
  public record Gap<F>(Place after, Optional<Place> until, GapReason reason, Place resume)
      implements Step<F> {}

  /**
   * Adds a frame behind all others.
   *
   * @param afterLoss whether frames may be missing between the last one and this
   */
  public void add(Place place, F frame, int size, boolean afterLoss) {
    if (!newest().isBefore(place)) {
      throw new IllegalArgumentException(
          "place: " + place.text() + " (expected: after " + newest().text() + ")");
    }
    frames.put(place, new Kept<>(frame, size, afterLoss));
    bytes += size;
    while (bytes > mostBytes && frames.size() > 1) {
      evict();
    }
  }

  /** Drops frames until at most so many bytes are left. */
  public void shrink(long most) {
    while (bytes > most && !frames.isEmpty()) {
      evict();
    }
  }

  private void evict() {
    Map.Entry<Place, Kept<F>> oldest = frames.pollFirstEntry();
    bytes -= oldest.getValue().bytes();
    evictedThrough = oldest.getKey();
  }

  public long bytes() {
    return bytes;
  }

  /** The place of the newest frame that was evicted. */
  public Place evictedThrough() {
    return evictedThrough;
  }

  /** The place of the newest frame that ever was here. */
  public Place newest() {
    return frames.isEmpty() ? evictedThrough : frames.lastKey();
  }

  /** Where a reader begins who names no place: before the oldest frame that is kept. */
  public Place oldest() {
    return frames.isEmpty() ? evictedThrough : frames.firstKey().before();
  }

  /**
   * What a reader is told next; empty if it has everything.
   *
   * @param goneBefore {@link #evictedThrough} when the reader came: what was evicted since, it has
   *     read too slowly
   */
  public Optional<Step<F>> after(Place at, Place goneBefore) {
    Map.@Nullable Entry<Place, Kept<F>> next = frames.higherEntry(at);
    Optional<Place> until = next == null ? Optional.empty() : Optional.of(next.getKey());
    if (at.isBefore(evictedThrough)) {
      GapReason reason = at.isBefore(goneBefore) ? GapReason.EVICTED : GapReason.SLOW_READER;
      Place resume = until.map(Place::before).orElse(evictedThrough);
      return Optional.of(
          new Gap<>(at, until, reason, resume.isBefore(evictedThrough) ? evictedThrough : resume));
    }
    if (next == null) {
      return Optional.empty();
    }
    Place place = next.getKey();
    if (next.getValue().afterLoss() && !at.equals(place.before())) {
      return Optional.of(new Gap<>(at, until, GapReason.HOME_LOST, place.before()));
    }
    return Optional.of(new Next<>(place, next.getValue().frame()));
  }
}
