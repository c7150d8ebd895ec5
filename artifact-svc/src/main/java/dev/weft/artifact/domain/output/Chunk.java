package dev.weft.artifact.domain.output;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Numbered bytes of output.
 *
 * @param data never written to, and its position is never moved
 * @param readTime when the worker read it, by the worker's clock
 */
public record Chunk(long number, Source source, ByteBuffer data, Instant readTime)
    implements Entry {

  /** Most bytes of one chunk. */
  public static final int MOST_BYTES = 64 << 10;

  public Chunk {
    if (number < 1) {
      throw new IllegalArgumentException("number: " + number + " (expected: >= 1)");
    }
    if (data.remaining() > MOST_BYTES) {
      throw new IllegalArgumentException(
          "data: " + data.remaining() + " bytes (expected: <= " + MOST_BYTES + ")");
    }
    data = data.slice();
  }

  @Override
  public long first() {
    return number;
  }

  @Override
  public long last() {
    return number;
  }

  @Override
  public int bytes() {
    return data.remaining();
  }
}
