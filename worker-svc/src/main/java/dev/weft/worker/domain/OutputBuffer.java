package dev.weft.worker.domain;

import java.util.Arrays;

/**
 * Keeps the first bytes of a command's output, stdout and stderr together, counts the rest and
 * forgets it, so that a command which writes for ever costs the worker no more memory than one
 * which writes a line. Safe for threads.
 */
public final class OutputBuffer {

  /** What a result may carry in all. */
  public static final int KEPT_BYTES = 64 * 1024;

  /** Where a piece came from. */
  public enum Stream {
    STDOUT((byte) 1),
    STDERR((byte) 2);

    private final byte code;

    Stream(byte code) {
      this.code = code;
    }
  }

  private final int kept;
  private byte[] combined = new byte[1024];
  private byte[] sources = new byte[1024];
  private int size;
  private long total;

  public OutputBuffer() {
    this(KEPT_BYTES);
  }

  OutputBuffer(int kept) {
    this.kept = kept;
  }

  /** Takes the next piece and says how much has been written in all. */
  public synchronized long append(Stream stream, byte[] bytes, int length) {
    int taken = Math.min(length, kept - size);
    if (taken > 0) {
      grow(size + taken);
      System.arraycopy(bytes, 0, combined, size, taken);
      Arrays.fill(sources, size, size + taken, stream.code);
      size += taken;
    }
    total += length;
    return total;
  }

  /** Takes pieces in the order in which they came. */
  @FunctionalInterface
  public interface Pieces {
    void piece(Stream stream, byte[] bytes);
  }

  /** Gives out what is kept, as it came, each run of one stream as a piece. */
  public synchronized void replay(Pieces to) {
    int from = 0;
    while (from < size) {
      int end = from;
      while (end < size && sources[end] == sources[from]) {
        end++;
      }
      Stream stream = sources[from] == Stream.STDOUT.code ? Stream.STDOUT : Stream.STDERR;
      to.piece(stream, Arrays.copyOfRange(combined, from, end));
      from = end;
    }
  }

  public synchronized long totalBytes() {
    return total;
  }

  public synchronized CapturedOutput capture() {
    return new CapturedOutput(
        Arrays.copyOf(combined, size),
        only(Stream.STDOUT),
        only(Stream.STDERR),
        false,
        total > size,
        total);
  }

  private byte[] only(Stream stream) {
    byte[] part = new byte[size];
    int length = 0;
    for (int i = 0; i < size; i++) {
      if (sources[i] == stream.code) {
        part[length++] = combined[i];
      }
    }
    return Arrays.copyOf(part, length);
  }

  private void grow(int needed) {
    if (needed > combined.length) {
      int next = Math.min(kept, Math.max(needed, combined.length * 2));
      combined = Arrays.copyOf(combined, next);
      sources = Arrays.copyOf(sources, next);
    }
  }
}
