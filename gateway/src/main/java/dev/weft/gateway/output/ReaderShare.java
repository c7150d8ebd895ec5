package dev.weft.gateway.output;

import java.util.function.IntSupplier;

/**
 * What one reader of output may keep of a gateway's memory: an equal share of what all have
 * together, so that a crowd of them costs no more than a few, and who reads nothing takes from
 * nobody.
 */
public final class ReaderShare {

  /** The largest chunk of a log. */
  static final int CHUNK_BYTES = 64 << 10;

  private static final int TOTAL_BYTES = 16 << 20;
  private static final int LEAST_BYTES = 8 << 10;
  private static final int MOST_BYTES = 512 << 10;

  private final IntSupplier readers;

  /**
   * @param readers how many there are now
   */
  public ReaderShare(IntSupplier readers) {
    this.readers = readers;
  }

  public int bytes() {
    return Math.clamp(TOTAL_BYTES / Math.max(1, readers.getAsInt()), LEAST_BYTES, MOST_BYTES);
  }

  /** The same in chunks, of which a reader needs one. */
  int chunks() {
    return Math.max(1, bytes() / CHUNK_BYTES);
  }
}
