package dev.weft.gateway.domain.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last frames of one session, in their order: all that are not sealed yet, and of those that
 * are as many as fit into a bound of bytes. Nothing is missing in silence: what lies before the
 * oldest, and between two frames of which the second is not known to follow the first, is to be
 * looked for in the log. Not safe for threads.
 */
public final class ReplayRing<F> {

  private final long mostBytes;
  private final TreeMap<Place, Kept<F>> frames = new TreeMap<>();
  private @Nullable SealedState found;
  private @Nullable Place begin;
  private long bytes;
  private long unsealed;
  private Place floor = Place.START;
  private Place sealed = Place.START;
  private Place newest = Place.START;

  /**
   * @param mostBytes of all frames, as far as they are sealed
   */
  public ReplayRing(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  private record Kept<F>(F frame, int bytes, boolean afterLoss) {

    Kept<F> whole() {
      return new Kept<>(frame, bytes, false);
    }
  }

  /**
   * Adds a frame behind all others. Of the first one that is not the session's very first only the
   * log can tell whether it follows what was there before.
   *
   * @param afterLoss whether frames may be missing between the last one and this
   */
  public void add(Place place, F frame, int size, boolean afterLoss) {
    if (!newest.isBefore(place)) {
      throw new IllegalArgumentException(
          "place: " + place.text() + " (expected: after " + newest.text() + ")");
    }
    boolean loss = afterLoss;
    if (begin == null) {
      begin = place;
      floor = place.equals(Place.FIRST) ? Place.START : place.before();
      loss = !place.equals(Place.FIRST) && (found == null || !found.leadsTo(place));
    }
    frames.put(place, new Kept<>(frame, size, loss));
    newest = place;
    bytes += size;
    unsealed += sealed.isBefore(place) ? size : 0;
    evict();
  }

  /** The log was asked: this is what earlier homes have sealed. */
  public void found(SealedState state) {
    found = state;
    if (begin == null) {
      floor = state.sealed();
    } else if (state.leadsTo(begin)) {
      frames.computeIfPresent(begin, (_, kept) -> kept.whole());
    }
    sealed(state.sealed());
  }

  /** Frames up to a place are sealed. */
  public void sealed(Place through) {
    if (sealed.isBefore(through)) {
      frames
          .subMap(sealed, false, through, true)
          .values()
          .forEach(kept -> unsealed -= kept.bytes());
      sealed = through;
      evict();
    }
  }

  private void evict() {
    while (bytes > mostBytes && frames.size() > 1 && evictOldest()) {
      // As long as there is one that may go.
    }
  }

  /** Drops sealed frames until at most so many bytes are left, or none of them. */
  public void shrink(long most) {
    while (bytes > most && evictOldest()) {
      // As long as there is one that may go.
    }
  }

  private boolean evictOldest() {
    if (frames.isEmpty() || sealed.isBefore(frames.firstKey())) {
      return false;
    }
    Map.Entry<Place, Kept<F>> oldest = frames.pollFirstEntry();
    bytes -= oldest.getValue().bytes();
    floor = oldest.getKey();
    return true;
  }

  /** Forgets everything, sealed or not. */
  public void clear() {
    frames.clear();
    bytes = 0;
    unsealed = 0;
  }

  public long bytes() {
    return bytes;
  }

  /** Bytes of frames that are not sealed. */
  public long unsealedBytes() {
    return unsealed;
  }

  /** Whether no more should be taken before more is sealed. */
  public boolean isFull() {
    return unsealed >= mostBytes;
  }

  /** The last frame that is sealed. */
  public Place sealedThrough() {
    return sealed;
  }

  /** The place of the newest frame that ever was here. */
  public Place newest() {
    return newest;
  }

  /**
   * Where a reader begins who names no place: before the oldest frame that is kept, or a little
   * earlier in the log; empty as long as neither is known.
   *
   * @param recent where the log's last frames begin, if the log was asked
   */
  public Optional<Place> oldest(Optional<Place> recent) {
    if (begin == null) {
      return recent;
    }
    Place here = frames.isEmpty() ? floor : frames.firstKey().before();
    boolean whole =
        begin.equals(Place.FIRST) ? floor.equals(Place.START) : floor.equals(begin.before());
    return recent.filter(earlier -> whole && earlier.isBefore(here)).or(() -> Optional.of(here));
  }

  /**
   * Where a reader begins who is told only what comes from now on: after the last frame that is
   * known; empty as long as neither a frame nor the log is.
   */
  public Optional<Place> live() {
    Place last = newest.isBefore(sealed) ? sealed : newest;
    return begin == null && found == null ? Optional.empty() : Optional.of(last);
  }

  /**
   * Frames to be sealed next, of one body and in a row; empty if all are.
   *
   * @param most bytes; at least one frame
   */
  public List<KeptFrame<F>> unsealed(long most) {
    List<KeptFrame<F>> cut = new ArrayList<>();
    long taken = 0;
    for (var entry : tail().entrySet()) {
      Place place = entry.getKey();
      taken += entry.getValue().bytes();
      boolean other = !cut.isEmpty() && cut.getFirst().place().body() != place.body();
      if (!cut.isEmpty() && (taken > most || other)) {
        break;
      }
      cut.add(new KeptFrame<>(place, entry.getValue().frame(), entry.getValue().afterLoss()));
    }
    return cut;
  }

  private NavigableMap<Place, Kept<F>> tail() {
    return frames.tailMap(sealed, false);
  }

  /**
   * What a reader lacks that is not here: it is to be looked for in the log, up to the place that
   * is given; empty if the ring goes on at the reader's place.
   */
  public Optional<Place> lackedBy(Place at) {
    if (at.isBefore(floor)) {
      return Optional.of(floor);
    }
    Map.@Nullable Entry<Place, Kept<F>> next = frames.higherEntry(at);
    boolean lost = next != null && next.getValue().afterLoss();
    return lost && !at.equals(next.getKey().before())
        ? Optional.of(next.getKey().before())
        : Optional.empty();
  }

  /** The next frame for a reader who lacks nothing before it; empty if it has everything. */
  public Optional<Step.Next<F>> after(Place at) {
    if (lackedBy(at).isPresent()) {
      throw new IllegalArgumentException(
          "at: " + at.text() + " (expected: where the ring goes on)");
    }
    Map.@Nullable Entry<Place, Kept<F>> next = frames.higherEntry(at);
    return next == null
        ? Optional.empty()
        : Optional.of(new Step.Next<>(next.getKey(), next.getValue().frame()));
  }
}
