package dev.weft.worker.domain.tree;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** SHA-256 of a blob, by which it is named. Kept as numbers, since a tree has many of them. */
public record Digest(long first, long second, long third, long fourth)
    implements Comparable<Digest> {

  public static final int BYTES = 32;

  /**
   * @throws IllegalArgumentException unless it has 32 bytes
   */
  public static Digest of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("digest: %d bytes (expected: 32)".formatted(bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Digest(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(first)
        .putLong(second)
        .putLong(third)
        .putLong(fourth)
        .array();
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(first, other.first);
    order = order == 0 ? Long.compareUnsigned(second, other.second) : order;
    order = order == 0 ? Long.compareUnsigned(third, other.third) : order;
    return order == 0 ? Long.compareUnsigned(fourth, other.fourth) : order;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }

  @Override
  public String toString() {
    return hex();
  }
}
