package dev.weft.gateway.output;

import com.google.protobuf.ByteString;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.testing.StoreState;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A task and its logs in memory, moved by hand; time passes when it is told to. */
final class FakeOrigin implements OutputOrigin {

  Task.Builder task = Task.newBuilder().setState(TaskState.TASK_STATE_RUNNING).setAttempt(1);
  final List<TailStream> tails = new ArrayList<>();
  int fetched;
  boolean placerAway;
  long mostOpen;
  private final Map<Integer, Log> logs = new TreeMap<>();
  private final List<StreamSink<TaskEvent>> watchers = new ArrayList<>();
  private final List<Timer> timers = new ArrayList<>();
  private long now;

  private record Timer(long at, Runnable task) {}

  private static final class Log {
    final List<ReadOutputResponse> steps = new ArrayList<>();
    boolean closed;
  }

  @Override
  public CompletionStage<Task> task() {
    fetched++;
    return placerAway
        ? CompletableFuture.failedFuture(
            StoreState.failure("CELL_UNAVAILABLE", Code.UNAVAILABLE, "cell: away"))
        : CompletableFuture.completedFuture(task.build());
  }

  @Override
  public OpenStream events(StreamSink<TaskEvent> sink) {
    watchers.add(sink);
    return new OpenStream() {
      @Override
      public void request() {}

      @Override
      public void cancel() {
        watchers.remove(sink);
      }
    };
  }

  int written(int attempt) {
    return logs.get(attempt).steps.size();
  }

  int watched() {
    return watchers.size();
  }

  @Override
  public OpenStream tail(OutputCursor after, boolean live, LogSink sink, int ahead) {
    TailStream stream = new TailStream(after, live, sink, ahead);
    tails.add(stream);
    mostOpen = Math.max(mostOpen, open());
    later(Duration.ZERO, stream::go);
    return stream;
  }

  long open() {
    return tails.stream().filter(tail -> !tail.over).count();
  }

  @Override
  public int ahead() {
    return 8;
  }

  @Override
  public void later(Duration pause, Runnable job) {
    timers.add(new Timer(now + pause.toMillis(), job));
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(now);
  }

  /** Lets everything happen that is due until then. */
  void pass(Duration time) {
    long end = now + time.toMillis();
    while (true) {
      Timer next =
          timers.stream()
              .filter(timer -> timer.at() <= end)
              .min(java.util.Comparator.comparingLong(Timer::at))
              .orElse(null);
      if (next == null) {
        break;
      }
      timers.remove(next);
      now = Math.max(now, next.at());
      next.task().run();
    }
    now = end;
  }

  void settle() {
    pass(Duration.ZERO);
  }

  void open(int attempt) {
    logs.put(attempt, new Log());
  }

  void write(int attempt, int bytes) {
    Log log = logs.get(attempt);
    log.steps.add(
        OutputSteps.chunk(
            attempt,
            OutputChunk.newBuilder()
                .setNumber(log.steps.size() + 1)
                .setSource(OutputSource.OUTPUT_SOURCE_STDOUT)
                .setData(ByteString.copyFrom(new byte[bytes]))
                .build()));
    List.copyOf(tails).forEach(TailStream::go);
  }

  void close(int attempt) {
    logs.get(attempt).closed = true;
    List.copyOf(tails).forEach(TailStream::go);
  }

  void drop(int attempt) {
    logs.remove(attempt);
  }

  void change(TaskState state, int attempt) {
    change(state, attempt, "");
  }

  void change(TaskState state, int attempt, String reason) {
    task.setState(state).setAttempt(attempt);
    TaskEvent event =
        TaskEvent.newBuilder().setState(state).setAttempt(attempt).setReason(reason).build();
    List.copyOf(watchers).forEach(watcher -> watcher.next(event));
  }

  void failWatches(RuntimeException why) {
    List.copyOf(watchers).forEach(watcher -> watcher.failed(why));
  }

  /** Every replica stops, as one that is asked to does. */
  void stopReplicas() {
    for (TailStream stream : List.copyOf(tails)) {
      if (!stream.over) {
        stream.over = true;
        stream.sink.unfinished();
      }
    }
  }

  /** One reader of one log. */
  final class TailStream implements OpenStream {

    final OutputCursor after;
    final boolean live;
    private final LogSink sink;
    private int credit;
    private int next;
    boolean over;

    TailStream(OutputCursor after, boolean live, LogSink sink, int credit) {
      this.after = after;
      this.live = live;
      this.sink = sink;
      this.credit = credit;
      this.next = (int) after.number();
    }

    @Override
    public void request() {
      credit++;
      later(Duration.ZERO, this::go);
    }

    @Override
    public void cancel() {
      over = true;
    }

    void fail(RuntimeException why) {
      over = true;
      sink.failed(why);
    }

    void go() {
      Log log = logs.get(after.attempt());
      if (over) {
        return;
      }
      if (log == null) {
        over = true;
        sink.failed(StoreState.failure("LOG_NOT_FOUND", Code.NOT_FOUND, "log: none"));
        return;
      }
      while (!over && credit > 0 && next < log.steps.size()) {
        credit--;
        sink.next(log.steps.get(next++));
      }
      if (!over && next == log.steps.size() && (log.closed || !live)) {
        over = true;
        sink.done();
      }
    }
  }
}
