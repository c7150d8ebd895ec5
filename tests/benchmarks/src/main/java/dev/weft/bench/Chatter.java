package dev.weft.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * So many bytes of the same line again and again, as fast as they can be written: from a file of
 * some of them, since making each anew would cost as much as passing it on.
 */
record Chatter(long bytes) {

  private static final String LINE = "0123456789abcdef".repeat(4).substring(1);
  private static final int LENGTH = LINE.length() + 1;
  private static final byte[] LINES =
      (LINE + "\n").repeat(2 << 10).getBytes(StandardCharsets.US_ASCII);

  /** A whole number of lines. */
  private static final int FILE_BYTES = 16 << 20;

  /** Begins a task that writes it; answers the task's id. */
  String begin(Mesh mesh) throws IOException {
    String script =
        "yes %s | head -c %d > lines; for i in $(seq %d); do cat lines; done; head -c %d lines"
            .formatted(LINE, FILE_BYTES, bytes / FILE_BYTES, bytes % FILE_BYTES);
    return mesh.submit("sh", "-c", script);
  }

  /** Fails if a piece is not what lies at its place. Comparing costs less than hashing. */
  void check(long position, byte[] piece, int length) {
    int from = (int) (position % LENGTH);
    int wrong = Arrays.mismatch(piece, 0, length, LINES, from, from + length);
    if (wrong >= 0) {
      throw new BenchFailure("followed: byte " + (position + wrong) + " is not what was written");
    }
  }

  void checkEnd(long came) {
    if (came != bytes) {
      throw new BenchFailure("followed: " + came + " bytes (expected: " + bytes + ")");
    }
  }
}
