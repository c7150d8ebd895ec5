package dev.weft.artifact.domain.output;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** Chunks whose bytes say which they are. */
public final class Chunks {

  public static final Instant READ = Instant.parse("2026-01-01T00:00:00Z");

  private Chunks() {}

  public static Chunk chunk(long number) {
    return chunk(number, 16);
  }

  /** The number in decimal, filled up to the size. */
  public static Chunk chunk(long number, int size) {
    byte[] bytes = new byte[size];
    byte[] text = (number + ".").getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < size; i++) {
      bytes[i] = text[i % text.length];
    }
    Source source = number % 3 == 0 ? Source.STDERR : Source.STDOUT;
    return new Chunk(number, source, ByteBuffer.wrap(bytes), READ);
  }

  /** Both included. */
  public static List<Chunk> chunks(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(Chunks::chunk).toList();
  }

  /** Both included. */
  public static List<Chunk> chunks(long from, long to, int size) {
    return LongStream.rangeClosed(from, to).mapToObj(number -> chunk(number, size)).toList();
  }
}
