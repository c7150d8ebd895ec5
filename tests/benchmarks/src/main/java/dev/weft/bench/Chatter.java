package dev.weft.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** So many bytes of the same line again and again, as fast as they can be written. */
record Chatter(long bytes) {

  private static final String LINE = "0123456789abcdef".repeat(4).substring(1);
  private static final int LENGTH = LINE.length() + 1;
  private static final byte[] LINES =
      (LINE + "\n").repeat(2 << 10).getBytes(StandardCharsets.US_ASCII);

  /** Begins a task that writes it; answers the task's id. */
  String begin(Mesh mesh) throws IOException {
    return mesh.submit("sh", "-c", "yes %s | head -c %d".formatted(LINE, bytes));
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
