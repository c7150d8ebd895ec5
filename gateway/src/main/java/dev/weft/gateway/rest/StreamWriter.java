package dev.weft.gateway.rest;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.error.MeshException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream to one HTTP client, no faster than the client reads: one item is asked for when
 * the last one has left. Everything happens on the connection's event loop, so nothing needs a
 * lock.
 */
final class StreamWriter<T> implements StreamSink<T>, WatchGuard.Reader {

  private static final Logger LOG = Logger.getLogger(StreamWriter.class);

  private final RoutingContext routing;
  private final HttpServerResponse response;
  private final Context home;
  private final Format<T> format;
  private @Nullable OpenStream stream;
  private WatchGuard.@Nullable Watch watch;
  private boolean over;

  /** Headers that a problem in place of the stream does not keep. */
  private static final List<String> PROMISES =
      List.of("Content-Length", "Content-Range", "Content-Disposition", "ETag", "Repr-Digest");

  /** How the stream looks to the client. */
  interface Format<T> {

    /** Sets the headers; the first bytes, if there are any before the first item. */
    Optional<Buffer> begin(HttpServerResponse response);

    /** Empty is nothing to write. */
    Buffer item(T item);

    /** What says that the stream lives. */
    default Optional<Buffer> heartbeat() {
      return Optional.empty();
    }

    /** What says that it was all. */
    default Buffer end() {
      return Buffer.buffer();
    }

    /**
     * What says that something failed in the middle. The status line is long gone; without such
     * words the connection is cut, so that nobody takes a part for the whole.
     */
    default Optional<Buffer> problem(RuntimeException why) {
      return Optional.empty();
    }
  }

  StreamWriter(RoutingContext routing, Context home, Format<T> format) {
    this.routing = routing;
    this.response = routing.response();
    this.home = home;
    this.format = format;
  }

  /**
   * Follows the stream until either side ends it. On the event loop.
   *
   * @throws RuntimeException if it can't begin; then nothing was written
   */
  void run(
      Function<WatchGuard.Reader, WatchGuard.Watch> admission,
      Function<StreamSink<T>, OpenStream> source) {
    watch = admission.apply(this);
    try {
      stream = source.apply(this);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    response.closeHandler(_ -> close());
    response.exceptionHandler(_ -> close());
    format.begin(response).ifPresent(response::write);
  }

  @Override
  public void next(T item) {
    home.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          spoke();
          Buffer bytes = format.item(item);
          if (bytes.length() > 0) {
            response.write(bytes);
          }
          if (response.writeQueueFull()) {
            response.drainHandler(_ -> ask());
          } else {
            ask();
          }
        });
  }

  @Override
  public void done() {
    home.runOnContext(
        _ -> {
          if (!over) {
            close();
            response.end(format.end());
          }
        });
  }

  @Override
  public void failed(RuntimeException why) {
    home.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          close();
          Optional<Buffer> words = format.problem(why);
          if (words.isPresent()) {
            response.end(words.get());
          } else if (response.headWritten()) {
            LOG.warnf("stream cut off: path=%s error=%s", routing.request().path(), why.toString());
            response.reset();
          } else {
            PROMISES.forEach(response.headers()::remove);
            DoorFilter.refuse(routing, why);
          }
        });
  }

  @Override
  public void silent() {
    home.runOnContext(
        _ -> {
          if (!over && !response.writeQueueFull()) {
            format.heartbeat().ifPresent(response::write);
          }
        });
  }

  @Override
  public void dismissed(MeshException why) {
    failed(why);
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
