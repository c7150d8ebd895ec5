package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import io.grpc.SynchronizationContext;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one task's output, attempt after attempt. When it follows, it waits for what is still to
 * come and ends with the task's last attempt. Everything happens in one order, so nothing needs a
 * lock; what was read and not yet asked for is bounded, and a reader who asks for nothing costs no
 * stream.
 */
final class OutputReader implements OpenStream, AttemptOwner {

  private static final int MOST_BATCH_BYTES = 256 * 1024;

  private final OutputOrigin origin;
  private final StreamSink<List<ReadOutputResponse>> sink;
  private final boolean follow;
  private final IntSupplier mostBytes;
  private final SynchronizationContext order;
  private final HeldSteps held = new HeldSteps();
  private final int ahead;

  private OutputCursor next;
  private TaskNews news = TaskNews.NONE;
  private @Nullable AttemptReader attempt;
  private @Nullable OpenStream events;
  private boolean asked = true;
  private boolean finished;
  private boolean over;
  private long deliveries;

  OutputReader(
      OutputOrigin origin,
      OutputCursor after,
      boolean follow,
      StreamSink<List<ReadOutputResponse>> sink) {
    this(origin, after, follow, () -> MOST_BATCH_BYTES, sink);
  }

  /**
   * @param mostBytes what steps that come together may take in memory; one comes at least
   */
  OutputReader(
      OutputOrigin origin,
      OutputCursor after,
      boolean follow,
      IntSupplier mostBytes,
      StreamSink<List<ReadOutputResponse>> sink) {
    this.origin = origin;
    this.next = after;
    this.follow = follow;
    this.mostBytes = mostBytes;
    this.sink = sink;
    this.ahead = origin.ahead();
    this.order = new SynchronizationContext((_, fault) -> fail(fault));
  }

  void open() {
    origin.task().whenComplete((task, failure) -> inOrder(() -> begin(task, failure)));
  }

  @Override
  public void request() {
    inOrder(
        () -> {
          asked = true;
          deliver();
        });
  }

  @Override
  public void cancel() {
    order.execute(this::close);
  }

  @Override
  public void inOrder(Runnable step) {
    order.execute(
        () -> {
          if (!over) {
            step.run();
          }
        });
  }

  private void begin(@Nullable Task task, @Nullable Throwable failure) {
    if (task == null) {
      fail(failure == null ? new IllegalStateException("no task") : failure);
      return;
    }
    news = news.with(task);
    if (follow && !news.ended()) {
      events = origin.events(new Events());
    }
    advance();
  }

  /** Reads the next attempt, waits for it, or ends. */
  private void advance() {
    if (next.attempt() <= news.attempts()) {
      attempt = new AttemptReader(origin, this, next, follow);
      attempt.start();
    } else if (news.ended() || !follow) {
      finished = true;
      deliver();
    }
  }

  @Override
  public TaskNews news() {
    return news;
  }

  @Override
  public void take(ReadOutputResponse step, Optional<OpenStream> from) {
    held.add(step, from);
    deliver();
  }

  @Override
  public int ahead() {
    return ahead;
  }

  @Override
  public long standstill() {
    return asked || held.size() < ahead ? -1 : deliveries;
  }

  @Override
  public void read() {
    attempt = null;
    next = next.nextAttempt();
    advance();
  }

  private void deliver() {
    if (!asked) {
      return;
    }
    List<ReadOutputResponse> batch = held.take(mostBytes.getAsInt());
    if (!batch.isEmpty()) {
      asked = false;
      deliveries++;
      sink.next(batch);
    } else if (finished) {
      close();
      sink.done();
    }
    if (held.isEmpty() && attempt != null) {
      attempt.goOn();
    }
  }

  @Override
  public void fail(Throwable why) {
    if (over) {
      return;
    }
    close();
    sink.failed(
        why instanceof RuntimeException known
            ? known
            : new MeshException(CommonReason.INTERNAL, "output: not read", why));
  }

  private void close() {
    over = true;
    held.clear();
    Optional.ofNullable(attempt).ifPresent(AttemptReader::close);
    Optional.ofNullable(events).ifPresent(OpenStream::cancel);
  }

  /** What happens to the task. */
  private final class Events implements StreamSink<TaskEvent> {

    @Override
    public void next(TaskEvent event) {
      inOrder(
          () -> {
            learn(news.with(event));
            if (events != null) {
              events.request();
            }
          });
    }

    @Override
    public void done() {
      inOrder(() -> learn(news.asEnded()));
    }

    @Override
    public void failed(RuntimeException why) {
      inOrder(() -> fail(why));
    }

    private void learn(TaskNews now) {
      TaskNews before = news;
      news = now;
      if (attempt == null) {
        if (!finished) {
          advance();
        }
      } else if (isOverAnew(before, next.attempt())) {
        attempt.ended();
      }
    }

    /** Of one that was over already it may be new that nobody will say so in its log. */
    private boolean isOverAnew(TaskNews before, int number) {
      return (news.isOver(number) && !before.isOver(number))
          || (news.isLost(number) && !before.isLost(number));
    }
  }
}
