package dev.weft.gateway.rest;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.tasks.v1.TaskEvent;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes one task's events to one HTTP client, no faster than the client reads. Everything happens
 * on the connection's event loop, so nothing needs a lock.
 */
final class SseWriter implements StreamSink<TaskEvent>, WatchGuard.Reader {

  private final HttpServerResponse response;
  private final Context home;
  private @Nullable OpenStream stream;
  private WatchGuard.@Nullable Watch watch;
  private boolean over;

  SseWriter(HttpServerResponse response, Context home) {
    this.response = response;
    this.home = home;
  }

  /**
   * Follows the stream until either side ends it. On the event loop.
   *
   * @throws RuntimeException if it can't begin; then nothing was written
   */
  void run(
      Function<WatchGuard.Reader, WatchGuard.Watch> admission,
      Function<StreamSink<TaskEvent>, OpenStream> source) {
    watch = admission.apply(this);
    try {
      stream = source.apply(this);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    response.closeHandler(_ -> close());
    response.exceptionHandler(_ -> close());
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream;charset=UTF-8")
        .putHeader("X-Accel-Buffering", "no");
    // Tells the client at once that it is connected, and when to come back if it is cut off.
    response.write("retry: 1000\n\n");
  }

  @Override
  public void next(TaskEvent event) {
    home.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          spoke();
          response.write(
              "event: task\nid: "
                  + event.getCursor()
                  + "\ndata: "
                  + ProtoJson.print(event)
                  + "\n\n");
          if (response.writeQueueFull()) {
            response.drainHandler(_ -> ask());
          } else {
            ask();
          }
        });
  }

  @Override
  public void done() {
    home.runOnContext(_ -> finish(""));
  }

  /** The status line is long gone, so the reason is an event. */
  @Override
  public void failed(RuntimeException why) {
    home.runOnContext(
        _ -> finish("event: problem\ndata: " + ProblemJson.of(why, "").body().encode() + "\n\n"));
  }

  @Override
  public void silent() {
    home.runOnContext(
        _ -> {
          if (!over && !response.writeQueueFull()) {
            response.write(": still here\n\n");
          }
        });
  }

  @Override
  public void dismissed(MeshException why) {
    failed(why);
  }

  private void finish(String last) {
    if (!over) {
      close();
      response.end(last);
    }
  }

  private void ask() {
    if (!over && stream != null) {
      stream.request();
    }
  }

  private void spoke() {
    if (watch != null) {
      watch.spoke();
    }
  }

  private void close() {
    if (over) {
      return;
    }
    over = true;
    if (watch != null) {
      watch.close();
    }
    if (stream != null) {
      stream.cancel();
    }
  }
}
