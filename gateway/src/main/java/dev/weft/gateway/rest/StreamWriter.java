package dev.weft.gateway.rest;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.error.MeshException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream to one HTTP client, no faster than the client reads: another item is asked for
 * when one has left. Everything happens on the connection's event loop, so nothing needs a lock.
 */
final class StreamWriter<T> implements StreamSink<T>, WatchGuard.Reader {

  private static final Logger LOG = Logger.getLogger(StreamWriter.class);

  private final RoutingContext routing;
  private final HttpServerResponse response;
  private final Context eventLoop;
  private final Format<T> format;
  private final IntSupplier queueBytes;
  private final Deque<Iterator<Buffer>> items = new ArrayDeque<>();
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

    /**
     * An item's bytes, each piece made when it can be written.
     *
     * @param mostBytes how large a piece should be at most; what can't be cut is larger
     */
    Iterator<Buffer> pieces(T item, int mostBytes);

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

  /**
   * @param queueBytes how much may wait for the client before nothing more is asked for; looked at
   *     with each item
   */
  StreamWriter(
      RoutingContext routing, Context eventLoop, Format<T> format, IntSupplier queueBytes) {
    this.routing = routing;
    this.response = routing.response();
    this.eventLoop = eventLoop;
    this.format = format;
    this.queueBytes = queueBytes;
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
    // Not the response's own handlers: there is one of each, and others wait for the end, too.
    routing.addEndHandler(_ -> close());
    format.begin(response).ifPresent(response::write);
  }

  @Override
  public void next(T item) {
    eventLoop.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          spoke();
          int most = queueBytes.getAsInt();
          response.setWriteQueueMaxSize(most);
          items.add(format.pieces(item, most));
          write();
        });
  }

  /** Writes what the client takes; asks for another item in place of each that has left. */
  private void write() {
    while (!over && !items.isEmpty()) {
      if (response.writeQueueFull()) {
        response.drainHandler(_ -> write());
        return;
      }
      Iterator<Buffer> pieces = items.getFirst();
      if (pieces.hasNext()) {
        response.write(pieces.next());
      } else {
        items.removeFirst();
        ask();
      }
    }
  }

  @Override
  public void done() {
    eventLoop.runOnContext(
        _ -> {
          if (!over) {
            items.forEach(pieces -> pieces.forEachRemaining(response::write));
            close();
            response.end(format.end());
          }
        });
  }

  @Override
  public void failed(RuntimeException why) {
    eventLoop.runOnContext(
        _ -> {
          if (over) {
            return;
          }
          close();
          Optional<Buffer> words = format.problem(why);
          if (words.isPresent()) {
            response.end(words.get());
          } else if (response.headWritten()) {
            LOG.warnf(why, "stream cut off: method=%s error=%s", routing.request().path(), why);
            response.reset();
          } else {
            PROMISES.forEach(response.headers()::remove);
            DoorFilter.refuse(routing, why);
          }
        });
  }

  @Override
  public void silent() {
    eventLoop.runOnContext(
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
    items.clear();
    if (watch != null) {
      watch.close();
    }
    if (stream != null) {
      stream.cancel();
    }
  }
}
