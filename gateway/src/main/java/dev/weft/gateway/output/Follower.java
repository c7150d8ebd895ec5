package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One who follows a task's output: its place, whether it wants more, and with whom it reads, if
 * with anybody. Everything happens in the order of its feed.
 */
final class Follower implements OpenStream {

  private final OutputFeed feed;
  private final StreamSink<List<ReadOutputResponse>> sink;
  private final Runnable onLeave;
  private OutputCursor at;
  private @Nullable Cohort cohort;
  private boolean asked = true;
  private boolean over;

  /**
   * @param onLeave told once, when it has gone, or has all
   */
  Follower(
      OutputFeed feed,
      OutputCursor at,
      StreamSink<List<ReadOutputResponse>> sink,
      Runnable onLeave) {
    this.feed = feed;
    this.at = at;
    this.sink = sink;
    this.onLeave = onLeave;
  }

  @Override
  public void request() {
    feed.inOrder(
        () -> {
          asked = true;
          cohort().ifPresent(Cohort::stir);
          feed.serve(this);
        });
  }

  @Override
  public void cancel() {
    feed.inOrder(this::leave);
  }

  OutputCursor at() {
    return at;
  }

  Optional<Cohort> cohort() {
    return Optional.ofNullable(cohort);
  }

  /** Whether it has asked for something that it has not got. */
  boolean wants() {
    return asked && !over;
  }

  /** Passes what it has learnt to be empty. */
  void settle() {
    at = cohort().map(cohort -> cohort.settled(at)).orElse(at);
  }

  void moveTo(Cohort to) {
    if (!cohort().equals(Optional.of(to))) {
      part();
      cohort = to;
      to.enter(this);
    }
  }

  void part() {
    Cohort before = cohort;
    cohort = null;
    if (before != null) {
      before.exit(this);
    }
  }

  void give(List<ReadOutputResponse> batch) {
    asked = false;
    cohort().ifPresent(Cohort::stir);
    at = OutputCursor.parse(batch.getLast().getCursor());
    sink.next(batch);
  }

  void finish() {
    leave();
    sink.done();
  }

  void fail(RuntimeException why) {
    leave();
    sink.failed(why);
  }

  private void leave() {
    if (over) {
      return;
    }
    over = true;
    part();
    feed.gone(this);
    onLeave.run();
  }
}
