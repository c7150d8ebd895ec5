package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one task's output, attempt after attempt: each one's log, or what its result keeps when no
 * log was opened. When it follows, it waits for what is still to come and ends with the task's last
 * attempt. Everything happens in one order, so nothing needs a lock; what was read and not yet asked
 * for is bounded, and a reader who asks for nothing costs no stream.
 */
final class OutputReader implements OpenStream {

  private static final int AHEAD = 8;
  private static final int MOST_POLLS_DOUBLED = 4;
  private static final Duration FIRST_POLL = Duration.ofMillis(100);
  private static final Duration PARK_AFTER = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);
  private static final String LOG_NOT_FOUND = "LOG_NOT_FOUND";

  private final OutputOrigin source;
  private final StreamSink<List<ReadOutputResponse>> sink;
  private final boolean follow;
  private final SynchronizationContext order;
  private final HeldSteps held = new HeldSteps();

  private OutputCursor at;
  private TaskNews news = TaskNews.NONE;
  private @Nullable OpenStream tail;
  private @Nullable OpenStream events;
  private boolean idle;
  private boolean asked = true;
  private boolean parked;
  private boolean parkArmed;
  private boolean polling;
  private boolean askedTwice;
  private boolean finished;
  private boolean over;
  private int polls;
  private int tails;
  private long deliveries;
  private long reads;

  OutputReader(
      OutputOrigin source,
      OutputCursor after,
      boolean follow,
      StreamSink<List<ReadOutputResponse>> sink) {
    this.source = source;
    this.at = after;
    this.follow = follow;
    this.sink = sink;
    this.order = new SynchronizationContext((_, fault) -> fail(wrapped(fault)));
  }

  void open() {
    source.task().whenComplete((task, failure) -> inOrder(() -> known(task, failure)));
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

  private void inOrder(Runnable step) {
    order.execute(
        () -> {
          if (!over) {
            step.run();
          }
        });
  }

  private void known(@Nullable Task task, @Nullable Throwable failure) {
    if (task == null) {
      fail(wrapped(failure == null ? new IllegalStateException("no task") : failure));
      return;
    }
    news = news.with(task);
    if (follow && !news.ended()) {
      events = source.events(new Events());
    }
    advance();
  }

  /** Reads on where nothing is being read. */
  private void advance() {
    idle = false;
    if (at.attempt() <= news.attempts()) {
      tail(follow);
    } else if (news.ended() || !follow) {
      finished = true;
      deliver();
    } else {
      idle = true;
    }
  }

  private void tail(boolean live) {
    polling = false;
    tail = source.tail(at, live, new Tail(++tails, live), AHEAD);
    if (live && news.isOver(at.attempt())) {
      awaitLastWords(reads);
    }
  }

  private void attemptRead() {
    at = at.nextAttempt();
    polls = 0;
    askedTwice = false;
    advance();
  }

  /** The attempt has not opened a log: not yet, or it wrote too little for one. */
  private void noLog() {
    if (news.isOver(at.attempt())) {
      source.task().whenComplete((task, failure) -> inOrder(() -> fromResult(task, failure)));
    } else if (follow) {
      Duration pause = FIRST_POLL.multipliedBy(1L << Math.min(polls++, MOST_POLLS_DOUBLED));
      polling = true;
      source.later(pause, () -> inOrder(this::poll));
    } else {
      attemptRead();
    }
  }

  private void poll() {
    if (polling) {
      tail(true);
    }
  }

  private void fromResult(@Nullable Task task, @Nullable Throwable failure) {
    if (task == null) {
      fail(wrapped(failure == null ? new IllegalStateException("no task") : failure));
      return;
    }
    if (OutputSteps.isLogged(task, at.attempt()) && !askedTwice) {
      // Opened after it was asked for.
      askedTwice = true;
      tail(follow);
      return;
    }
    held.addAll(OutputSteps.ofResult(task, at));
    attemptRead();
    deliver();
  }

  /**
   * An attempt that is over ends its log soon. If its worker died, nobody does: then what there is
   * is all.
   */
  private void awaitLastWords(long readsBefore) {
    OpenStream watched = tail;
    source.later(
        LAST_WORDS,
        () ->
            inOrder(
                () -> {
                  if (watched == null || tail != watched || parked) {
                    return;
                  }
                  if (reads != readsBefore || !held.isEmpty()) {
                    awaitLastWords(reads);
                  } else {
                    dropTail();
                    tail(false);
                  }
                }));
  }

  private void deliver() {
    if (!asked) {
      return;
    }
    List<ReadOutputResponse> batch = held.take();
    if (!batch.isEmpty()) {
      asked = false;
      deliveries++;
      sink.next(batch);
    } else if (finished) {
      close();
      sink.done();
    }
    if (parked && held.isEmpty()) {
      parked = false;
      tail(follow);
    }
  }

  /** Who does not read for a while is read for no more until then. */
  private void armPark() {
    if (parkArmed) {
      return;
    }
    parkArmed = true;
    long before = deliveries;
    source.later(
        PARK_AFTER,
        () ->
            inOrder(
                () -> {
                  parkArmed = false;
                  if (tail == null || asked || held.size() < AHEAD) {
                    return;
                  }
                  if (deliveries == before) {
                    dropTail();
                    parked = true;
                  } else {
                    armPark();
                  }
                }));
  }

  /** Nothing that it still says counts. */
  private void dropTail() {
    tails++;
    Optional.ofNullable(tail).ifPresent(OpenStream::cancel);
    tail = null;
  }

  private void fail(RuntimeException why) {
    if (!over) {
      close();
      sink.failed(why);
    }
  }

  private void close() {
    over = true;
    held.clear();
    dropTail();
    Optional.ofNullable(events).ifPresent(OpenStream::cancel);
  }

  private static RuntimeException wrapped(Throwable failure) {
    return failure instanceof RuntimeException known
        ? known
        : new MeshException(CommonReason.INTERNAL, "output: not read", failure);
  }

  /** One attempt's log. */
  private final class Tail implements StreamSink<ReadOutputResponse> {

    private final int number;
    private final boolean live;

    Tail(int number, boolean live) {
      this.number = number;
      this.live = live;
    }

    private void ifCurrent(Runnable step) {
      inOrder(
          () -> {
            if (number == tails) {
              step.run();
            }
          });
    }

    @Override
    public void next(ReadOutputResponse step) {
      ifCurrent(() -> read(step));
    }

    private void read(ReadOutputResponse step) {
      reads++;
      polls = 0;
      at = OutputCursor.parse(step.getCursor());
      held.add(step, Objects.requireNonNull(tail, "the current stream"));
      deliver();
      if (held.size() >= AHEAD) {
        armPark();
      }
    }

    @Override
    public void done() {
      ifCurrent(
          () -> {
            tail = null;
            attemptRead();
          });
    }

    @Override
    public void failed(RuntimeException why) {
      ifCurrent(
          () -> {
            tail = null;
            if (!StatusMapper.fromStatus(why).reason().equals(LOG_NOT_FOUND)) {
              fail(why);
            } else if (live || !follow) {
              noLog();
            } else {
              attemptRead();
            }
          });
    }
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
      boolean wasOver = news.isOver(at.attempt());
      news = now;
      if (idle) {
        advance();
      } else if (polling && now.isOver(at.attempt())) {
        tail(true);
      } else if (!wasOver && now.isOver(at.attempt()) && tail != null) {
        awaitLastWords(reads);
      }
    }
  }
}
