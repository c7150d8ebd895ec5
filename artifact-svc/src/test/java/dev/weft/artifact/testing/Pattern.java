package dev.weft.artifact.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Large content that nobody holds as a whole: chunks of 1 MiB, no two alike, the same each time.
 */
public final class Pattern {

  private static final byte[] NOISE = noise();

  private Pattern() {}

  private static byte[] noise() {
    byte[] bytes = new byte[2 << 20];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  /** Its place in the noise tells it from others. */
  public static ByteString chunk(int index) {
    return UnsafeByteOperations.unsafeWrap(NOISE, (index * 37) % (1 << 20), 1 << 20);
  }

  public static Iterator<ByteString> chunks(int count) {
    return IntStream.range(0, count).mapToObj(Pattern::chunk).iterator();
  }
}
