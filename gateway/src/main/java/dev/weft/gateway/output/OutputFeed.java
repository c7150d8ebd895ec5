package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import io.grpc.SynchronizationContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One task's output for all who follow it: read once, at the pace of the fastest of them, and kept
 * in a ring. Who is further back than the ring reads alone until it has caught up; who does not
 * read holds nothing. Everything happens in one order.
 */
final class OutputFeed {

  private static final int RING_BYTES = 1 << 20;
  private static final int MOST_BATCH_BYTES = 256 * 1024;

  private final OutputOrigin origin;
  private final Consumer<OutputFeed> onEnd;
  private final SynchronizationContext order;
  private final ReaderShare share;
  private final OutputRing ring;
  private final OutputReader reader;
  private final Set<Follower> attached = new LinkedHashSet<>();
  private boolean opened;
  private boolean pulling = true;
  private boolean ended;
  private @Nullable RuntimeException failure;

  /** Guarded by whoever hands the feed out. */
  private int members;

  /**
   * @param after where the first follower wants to go on
   * @param onEnd told when nothing more will come
   */
  OutputFeed(
      OutputOrigin origin, OutputCursor after, ReaderShare share, Consumer<OutputFeed> onEnd) {
    this.origin = origin;
    this.share = share;
    this.onEnd = onEnd;
    this.order = new SynchronizationContext((_, fault) -> fail(fault(fault)));
    this.ring = new OutputRing(after, RING_BYTES);
    this.reader = new OutputReader(origin, after, true, new Source());
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
    Follower follower = new Follower(after, sink, onLeave);
    order.execute(
        () -> {
          if (!opened) {
            opened = true;
            reader.open();
          }
          follower.goOn();
        });
    return follower;
  }

  void close() {
    order.execute(
        () -> {
          ended = true;
          reader.cancel();
        });
  }

  private void pull() {
    if (!pulling && !ended) {
      pulling = true;
      reader.request();
    }
  }

  private void serveAll() {
    List.copyOf(attached).forEach(Follower::serve);
  }

  private void fail(RuntimeException why) {
    failure = why;
    ended = true;
    onEnd.accept(this);
    serveAll();
  }

  private static RuntimeException fault(Throwable fault) {
    return new MeshException(CommonReason.INTERNAL, "output: not read", fault);
  }

  /** What the shared stream brings. */
  private final class Source implements StreamSink<List<ReadOutputResponse>> {

    @Override
    public void next(List<ReadOutputResponse> batch) {
      order.execute(
          () -> {
            pulling = false;
            ring.add(batch);
            serveAll();
          });
    }

    @Override
    public void done() {
      order.execute(
          () -> {
            ended = true;
            onEnd.accept(OutputFeed.this);
            serveAll();
          });
    }

    @Override
    public void failed(RuntimeException why) {
      order.execute(() -> fail(why));
    }
  }

  /** One who follows. */
  private final class Follower implements OpenStream {

    private final StreamSink<List<ReadOutputResponse>> sink;
    private final Runnable onLeave;
    private OutputCursor at;
    private @Nullable Alone alone;
    private boolean asked = true;
    private boolean over;

    Follower(OutputCursor at, StreamSink<List<ReadOutputResponse>> sink, Runnable onLeave) {
      this.at = at;
      this.sink = sink;
      this.onLeave = onLeave;
    }

    @Override
    public void request() {
      order.execute(
          () -> {
            asked = true;
            if (over) {
              return;
            }
            if (alone == null) {
              serve();
            } else if (ring.covers(at)) {
              alone.leave();
              alone = null;
              goOn();
            } else {
              alone.reader.request();
            }
          });
    }

    @Override
    public void cancel() {
      order.execute(this::leave);
    }

    private void goOn() {
      if (over) {
        return;
      }
      if (ring.covers(at)) {
        attached.add(this);
        serve();
      } else {
        attached.remove(this);
        alone = new Alone(this);
        alone.reader.open();
      }
    }

    private void serve() {
      if (over || !asked) {
        return;
      }
      if (!ring.covers(at)) {
        goOn();
        return;
      }
      List<ReadOutputResponse> batch = ring.after(at, Math.min(MOST_BATCH_BYTES, share.bytes()));
      if (!batch.isEmpty()) {
        give(batch);
      } else if (failure != null) {
        RuntimeException why = failure;
        leave();
        sink.failed(why);
      } else if (ended) {
        leave();
        sink.done();
      } else {
        pull();
      }
    }

    private void give(List<ReadOutputResponse> batch) {
      asked = false;
      at = OutputCursor.parse(batch.getLast().getCursor());
      sink.next(batch);
    }

    private void leave() {
      if (over) {
        return;
      }
      over = true;
      attached.remove(this);
      if (alone != null) {
        alone.leave();
      }
      onLeave.run();
    }
  }

  /** Reads what the ring has no more, up to where the log is now. */
  private final class Alone implements StreamSink<List<ReadOutputResponse>> {

    private final Follower follower;
    private final OutputCursor from;
    private final OutputReader reader;
    private boolean left;

    Alone(Follower follower) {
      this.follower = follower;
      this.from = follower.at;
      this.reader = new OutputReader(origin, from, false, this);
    }

    void leave() {
      left = true;
      reader.cancel();
    }

    @Override
    public void next(List<ReadOutputResponse> batch) {
      inOrder(() -> follower.give(batch));
    }

    @Override
    public void done() {
      inOrder(
          () -> {
            follower.alone = null;
            if (follower.at.equals(from) && !ring.covers(from)) {
              // There is nothing between.
              follower.at = ring.base();
            }
            follower.goOn();
          });
    }

    @Override
    public void failed(RuntimeException why) {
      inOrder(
          () -> {
            follower.leave();
            follower.sink.failed(why);
          });
    }

    private void inOrder(Runnable step) {
      order.execute(
          () -> {
            if (!left && !follower.over) {
              step.run();
            }
          });
    }
  }
}
