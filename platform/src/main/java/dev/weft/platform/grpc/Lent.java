package dev.weft.platform.grpc;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;

/**
 * A message whose bytes are the buffers that the connection was read into. Whoever is given it
 * closes it, whatever becomes of it: the buffers are another message's then, and until then nobody
 * else's.
 */
public final class Lent<T> implements AutoCloseable {

  private final T message;
  private final Closeable buffers;

  Lent(T message, Closeable buffers) {
    this.message = message;
    this.buffers = buffers;
  }

  /** Good until the close. */
  public T message() {
    return message;
  }

  /** What was made of the message, lent in its place: only one of the two is closed. */
  public <U> Lent<U> as(Function<T, U> part) {
    return new Lent<>(part.apply(message), buffers);
  }

  @Override
  public void close() {
    try {
      buffers.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
