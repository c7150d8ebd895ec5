package dev.weft.gateway.output;

import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Followers of one task's output who read together: one reader, at the pace of the fastest of them,
 * and a ring of what it brought last. Everything happens in the order of its owner.
 */
final class Cohort {

  private static final int MOST_BATCH_BYTES = 256 * 1024;

  private final Owner owner;
  private final OutputRings rings;
  private final OutputCursor start;
  private final OutputCursor beyond;
  private final boolean follow;
  private final OutputRing ring;
  private final OutputReader reader;
  private final Set<Follower> members = new LinkedHashSet<>();
  private boolean opened;
  private boolean pulling = true;
  private boolean read;
  private boolean quiet;
  private boolean closed;
  private @Nullable RuntimeException failure;

  /** Whose order it keeps. */
  interface Owner {

    void inOrder(Runnable step);

    /** The cohort has more than before, or will have no more. */
    void moved(Cohort cohort);

    /** Nobody is in it any longer. */
    void emptied(Cohort cohort);
  }

  private Cohort(
      Owner owner,
      OutputOrigin origin,
      OutputRings rings,
      OutputCursor start,
      OutputCursor beyond,
      boolean follow) {
    this.owner = owner;
    this.rings = rings;
    this.start = start;
    this.beyond = beyond;
    this.follow = follow;
    this.ring = new OutputRing(start, rings::bytes);
    // A batch fits into the ring, else it would push out its own first steps.
    this.reader =
        new OutputReader(
            origin, start, follow, () -> Math.min(MOST_BATCH_BYTES, rings.bytes()), new Source());
    rings.opened();
  }

  /** Reads what comes until the task's end. */
  static Cohort live(Owner owner, OutputOrigin origin, OutputRings rings, OutputCursor start) {
    return new Cohort(owner, origin, rings, start, start, true);
  }

  /**
   * Reads what there is by now.
   *
   * @param beyond where others, who are ahead, can go on at this moment
   */
  static Cohort behind(
      Owner owner,
      OutputOrigin origin,
      OutputRings rings,
      OutputCursor start,
      OutputCursor beyond) {
    return new Cohort(owner, origin, rings, start, beyond, false);
  }

  void open() {
    if (!opened) {
      opened = true;
      reader.open();
    }
  }

  /** Its members keep their places only. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    rings.closed();
    reader.cancel();
    List.copyOf(members).forEach(Follower::part);
  }

  void enter(Follower follower) {
    members.add(follower);
    stir();
  }

  void exit(Follower follower) {
    if (members.remove(follower) && members.isEmpty() && !closed) {
      owner.emptied(this);
    }
  }

  /** Those who are in it at this moment. */
  List<Follower> members() {
    return List.copyOf(members);
  }

  /** A member asks for more, or has got some. */
  void stir() {
    quiet = false;
  }

  /** From now on it is quiet, unless a member asks for something or still waits for it. */
  void hush() {
    quiet = true;
  }

  boolean isQuiet() {
    return quiet && members.stream().noneMatch(Follower::wants);
  }

  OutputCursor base() {
    return ring.base();
  }

  boolean covers(OutputCursor place) {
    return ring.covers(place);
  }

  /** Whether its ring has the steps that follow the place. */
  boolean hasAfter(OutputCursor place) {
    return covers(place) && place.isBefore(ring.head());
  }

  /** Whether it gives the steps that follow the place to anybody who comes. */
  boolean shares(OutputCursor place) {
    return failure == null && hasAfter(place);
  }

  /** Whether the step that it reads next is the one that follows the place. */
  boolean readsOnFrom(OutputCursor place) {
    return !read && failure == null && place.equals(ring.head());
  }

  /** Whether a member at the place, which its ring has no more for, hears of it again. */
  boolean owes(OutputCursor place) {
    return covers(place) && !read;
  }

  /** Where a member at the place really is: if nothing followed, it is with those ahead. */
  OutputCursor settled(OutputCursor place) {
    boolean barren = !follow && read && ring.head().equals(start);
    return barren && place.isBefore(beyond) ? beyond : place;
  }

  List<ReadOutputResponse> after(OutputCursor place, int most) {
    return ring.after(place, Math.min(MOST_BATCH_BYTES, most));
  }

  /** Reads on, unless it does. */
  void pull() {
    if (!pulling && !closed && !isOver()) {
      pulling = true;
      reader.request();
    }
  }

  /** Whether nothing more will come. */
  boolean isOver() {
    return read || failure != null;
  }

  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  void fail(RuntimeException why) {
    failure = why;
    owner.moved(this);
  }

  /** What the reader brings. */
  private final class Source implements StreamSink<List<ReadOutputResponse>> {

    @Override
    public void next(List<ReadOutputResponse> batch) {
      unlessClosed(
          () -> {
            pulling = false;
            ring.add(batch);
            owner.moved(Cohort.this);
          });
    }

    @Override
    public void done() {
      unlessClosed(
          () -> {
            read = true;
            owner.moved(Cohort.this);
          });
    }

    @Override
    public void failed(RuntimeException why) {
      unlessClosed(() -> fail(why));
    }

    private void unlessClosed(Runnable step) {
      owner.inOrder(
          () -> {
            if (!closed) {
              step.run();
            }
          });
    }
  }
}
