package dev.weft.gateway.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Server-sent events.
 *
 * @param write the events of one item, of which none is cut
 * @param last the event that ends the stream; may be empty
 */
record Sse<T>(Function<T, Iterator<Buffer>> write, String last) implements StreamWriter.Format<T> {

  static final String MEDIA_TYPE = "text/event-stream";

  /** One event. */
  static String event(String name, String id, String data) {
    return "event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n";
  }

  /** Tells the client at once that it is connected, and when to come back if it is cut off. */
  @Override
  public Optional<Buffer> begin(HttpServerResponse response) {
    response
        .setChunked(true)
        .putHeader("Content-Type", MEDIA_TYPE + ";charset=UTF-8")
        .putHeader("X-Accel-Buffering", "no");
    return Optional.of(Buffer.buffer("retry: 1000\n\n"));
  }

  @Override
  public Iterator<Buffer> pieces(T item, int mostBytes) {
    return write.apply(item);
  }

  @Override
  public Optional<Buffer> heartbeat() {
    return Optional.of(Buffer.buffer(": still here\n\n"));
  }

  @Override
  public Buffer end() {
    return Buffer.buffer(last);
  }

  @Override
  public Optional<Buffer> problem(RuntimeException why) {
    return Optional.of(
        Buffer.buffer("event: problem\ndata: " + ProblemJson.of(why, "").body().encode() + "\n\n"));
  }
}
