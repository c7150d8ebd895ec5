package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * One task's output for all who follow it: read once, at the pace of the fastest of them, and kept
 * in a ring. Those who are further back than the ring read together until they have caught up; who
 * does not read holds nothing. Everything happens in one order.
 */
final class OutputFeed implements Cohort.Owner {

  private final OutputOrigin origin;
  private final MemoryShare share;
  private final OutputRings rings;
  private final Consumer<OutputFeed> onEnd;
  private final SynchronizationContext order;
  private final Cohort live;
  private final Stragglers stragglers;

  /** Guarded by whoever hands the feed out. */
  private int members;

  /**
   * @param after where the first follower wants to go on
   * @param share what one follower may have at once
   * @param onEnd told when nothing more will come
   */
  OutputFeed(
      OutputOrigin origin,
      OutputCursor after,
      MemoryShare share,
      OutputRings rings,
      Consumer<OutputFeed> onEnd) {
    this.origin = origin;
    this.share = share;
    this.rings = rings;
    this.onEnd = onEnd;
    this.order = new SynchronizationContext((_, fault) -> fail(fault));
    this.live = Cohort.live(this, origin, rings, after);
    this.stragglers = new Stragglers(this);
  }

  void enter() {
    members++;
  }

  /** Whether it was the last one. */
  boolean exit() {
    members--;
    return members == 0;
  }

  /**
   * Follows after the cursor.
   *
   * @param onLeave told once, when the follower has gone, or has all
   */
  OpenStream join(OutputCursor after, StreamSink<List<ReadOutputResponse>> sink, Runnable onLeave) {
    Follower follower = new Follower(this, after, sink, onLeave);
    inOrder(
        () -> {
          live.open();
          serve(follower);
        });
    return follower;
  }

  void close() {
    inOrder(
        () -> {
          stragglers.closeAll();
          live.close();
        });
  }

  @Override
  public void inOrder(Runnable step) {
    order.execute(step);
  }

  @Override
  public void moved(Cohort cohort) {
    if (live.isOver() && cohort.equals(live)) {
      onEnd.accept(this);
    }
    cohort.members().forEach(this::serve);
    stragglers.moved(cohort);
  }

  @Override
  public void emptied(Cohort cohort) {
    stragglers.close(cohort);
  }

  /** Gives what follows its place, or sees to it that it comes, if that is wanted. */
  void serve(Follower follower) {
    if (follower.wants()) {
      place(follower);
      follower.cohort().ifPresent(cohort -> serve(follower, cohort));
    } else if (follower.cohort().filter(cohort -> !cohort.covers(follower.at())).isPresent()) {
      follower.part();
    }
  }

  void gone(Follower follower) {
    stragglers.gone(follower);
  }

  Cohort behind(OutputCursor place) {
    return Cohort.behind(this, origin, rings, place, live.base());
  }

  void later(Duration pause, Runnable step) {
    origin.later(pause, () -> inOrder(step));
  }

  private void place(Follower follower) {
    follower.settle();
    if (live.covers(follower.at())) {
      follower.moveTo(live);
    } else {
      stragglers.place(follower);
    }
  }

  private void serve(Follower follower, Cohort cohort) {
    List<ReadOutputResponse> batch = cohort.after(follower.at(), share.bytes());
    if (!batch.isEmpty()) {
      follower.give(batch);
    } else if (cohort.failure().isPresent()) {
      follower.fail(cohort.failure().get());
    } else if (cohort.isOver()) {
      follower.finish();
    } else {
      cohort.pull();
    }
  }

  private void fail(Throwable fault) {
    RuntimeException why = new MeshException(CommonReason.INTERNAL, "output: not read", fault);
    live.fail(why);
    // It may have come between anybody and his turn.
    stragglers.failAll(why);
  }
}
