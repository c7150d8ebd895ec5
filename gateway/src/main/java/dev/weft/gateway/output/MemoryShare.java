package dev.weft.gateway.output;

import java.util.function.IntSupplier;

/**
 * What one of many may keep of a gateway's memory: an equal share of what all have together, so
 * that a crowd of them costs no more than a few, and who does nothing takes from nobody.
 */
public final class MemoryShare {

  /** The largest chunk of a log. */
  static final int CHUNK_BYTES = 64 << 10;

  private final IntSupplier sharers;
  private final int totalBytes;
  private final int leastBytes;
  private final int mostBytes;

  /**
   * @param sharers how many there are now
   */
  private MemoryShare(IntSupplier sharers, int totalBytes, int leastBytes, int mostBytes) {
    this.sharers = sharers;
    this.totalBytes = totalBytes;
    this.leastBytes = leastBytes;
    this.mostBytes = mostBytes;
  }

  /** What waits for one reader to take it. */
  public static MemoryShare ofReaders(IntSupplier readers) {
    return new MemoryShare(readers, 16 << 20, 8 << 10, 512 << 10);
  }

  /** What one ring keeps for those who come after the fastest. */
  static MemoryShare ofRings(IntSupplier rings) {
    return new MemoryShare(rings, 32 << 20, CHUNK_BYTES, 1 << 20);
  }

  public int bytes() {
    return Math.clamp(totalBytes / Math.max(1, sharers.getAsInt()), leastBytes, mostBytes);
  }

  /** The same in chunks, of which a reader needs one. */
  int chunks() {
    return Math.max(1, bytes() / CHUNK_BYTES);
  }
}
