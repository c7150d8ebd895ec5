package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.tasks.v1.Task;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one attempt's output: its log, or what its result keeps when no log was opened. All of it
 * runs in the order of the reader that it belongs to.
 */
final class AttemptReader {

  private static final int MOST_POLLS_DOUBLED = 4;
  private static final Duration FIRST_POLL = Duration.ofMillis(100);
  private static final Duration PARK_AFTER = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);
  private static final Duration LATE_LOG = Duration.ofSeconds(30);
  private static final String LOG_NOT_FOUND = "LOG_NOT_FOUND";

  private final OutputOrigin origin;
  private final AttemptOwner owner;
  private final boolean follow;

  private OutputCursor at;
  private @Nullable OpenStream tail;
  private boolean parked;
  private boolean parkArmed;
  private boolean polling;
  private boolean over;
  private int polls;
  private int tails;
  private long reads;

  AttemptReader(OutputOrigin origin, AttemptOwner owner, OutputCursor after, boolean follow) {
    this.origin = origin;
    this.owner = owner;
    this.at = after;
    this.follow = follow;
  }

  void start() {
    tail(follow);
  }

  void close() {
    over = true;
    dropTail();
  }

  /** Goes on after a standstill. */
  void goOn() {
    if (parked) {
      parked = false;
      tail(follow);
    }
  }

  /** The attempt is over, by the task's word: its log may still say something. */
  void ended() {
    if (polling) {
      polling = false;
      origin.task().whenComplete((task, _) -> ifOpen(() -> fromEnd(task)));
    } else if (tail != null && isLost()) {
      dropTail();
      tail(false);
    } else if (tail != null) {
      awaitLastWords(reads);
    }
  }

  private boolean isLost() {
    return owner.news().isLost(at.attempt());
  }

  private boolean isEnded() {
    return owner.news().isOver(at.attempt());
  }

  /** What a lost worker has not sent will not come: then what there is is all. */
  private void tail(boolean unlessLost) {
    polling = false;
    boolean live = unlessLost && !isLost();
    tail = origin.tail(at, live, new Log(++tails, live), owner.ahead());
    if (live && isEnded()) {
      awaitLastWords(reads);
    }
  }

  /** Nothing that it still says counts. */
  private void dropTail() {
    tails++;
    Optional.ofNullable(tail).ifPresent(OpenStream::cancel);
    tail = null;
  }

  private void finish() {
    over = true;
    owner.read();
  }

  private void later(Duration pause, Runnable step) {
    origin.later(pause, () -> ifOpen(step));
  }

  private void ifOpen(Runnable step) {
    owner.inOrder(
        () -> {
          if (!over) {
            step.run();
          }
        });
  }

  /** No log was opened: not yet, or the attempt wrote too little for one. */
  private void noLog() {
    if (isEnded()) {
      origin.task().whenComplete((task, failure) -> ifOpen(() -> fromResult(task, failure)));
    } else if (follow) {
      pollLater();
    } else {
      finish();
    }
  }

  private void pollLater() {
    polling = true;
    later(FIRST_POLL.multipliedBy(1L << Math.min(polls++, MOST_POLLS_DOUBLED)), this::poll);
  }

  private void poll() {
    if (polling) {
      tail(true);
    }
  }

  /** Who wrote too little for a log has all of it in its result: then nobody is asked for one. */
  private void fromEnd(@Nullable Task task) {
    if (task != null && OutputSteps.isKept(task, at.attempt())) {
      finishWith(task);
    } else {
      tail(true);
    }
  }

  private void fromResult(@Nullable Task task, @Nullable Throwable failure) {
    if (task == null) {
      owner.fail(failure == null ? new IllegalStateException("no task") : failure);
    } else if (OutputSteps.isLogged(task, at.attempt()) && isFresh(task)) {
      pollLater();
    } else {
      finishWith(task);
    }
  }

  private void finishWith(Task task) {
    OutputSteps.ofResult(task, at).forEach(step -> owner.take(step, Optional.empty()));
    finish();
  }

  /** A worker may hand in its result before its log, whose replica is away. */
  private boolean isFresh(Task task) {
    return OutputSteps.end(task, at.attempt()).plus(LATE_LOG).isAfter(origin.now());
  }

  /**
   * An attempt that is over ends its log soon. If its worker died, nobody does: then what there is
   * is all.
   */
  @SuppressWarnings("ReferenceEquality") // a stream is equal to itself alone
  private void awaitLastWords(long readsBefore) {
    OpenStream watched = tail;
    later(
        LAST_WORDS,
        () -> {
          if (watched == null || tail != watched) {
            return;
          }
          if (reads != readsBefore || owner.standstill() >= 0) {
            awaitLastWords(reads);
          } else {
            dropTail();
            tail(false);
          }
        });
  }

  /** Who does not read for a while is read for no more until then. */
  private void armPark() {
    if (parkArmed) {
      return;
    }
    parkArmed = true;
    long before = owner.standstill();
    later(
        PARK_AFTER,
        () -> {
          parkArmed = false;
          long now = owner.standstill();
          if (tail == null || now < 0) {
            return;
          }
          if (now == before) {
            dropTail();
            parked = true;
          } else {
            armPark();
          }
        });
  }

  /** One stream of the log. */
  private final class Log implements LogSink {

    private final int number;
    private final boolean live;

    Log(int number, boolean live) {
      this.number = number;
      this.live = live;
    }

    private void ifCurrent(Runnable step) {
      ifOpen(
          () -> {
            if (number == tails) {
              step.run();
            }
          });
    }

    @Override
    public void next(ReadOutputResponse step) {
      ifCurrent(
          () -> {
            reads++;
            polls = 0;
            at = OutputCursor.parse(step.getCursor());
            owner.take(step, Optional.of(Objects.requireNonNull(tail, "the current stream")));
            if (owner.standstill() >= 0) {
              armPark();
            }
          });
    }

    @Override
    public void done() {
      ifCurrent(
          () -> {
            tail = null;
            finish();
          });
    }

    @Override
    public void unfinished() {
      ifCurrent(
          () -> {
            tail = null;
            pollLater();
          });
    }

    @Override
    public void failed(RuntimeException why) {
      ifCurrent(
          () -> {
            tail = null;
            if (!StatusMapper.fromStatus(why).reason().equals(LOG_NOT_FOUND)) {
              owner.fail(why);
            } else if (live || !follow) {
              noLog();
            } else {
              finish();
            }
          });
    }
  }
}
