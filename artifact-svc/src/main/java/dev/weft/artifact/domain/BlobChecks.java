package dev.weft.artifact.domain;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A CRC-32C for each block of a blob, so that any part of it can be checked before it is sent. The
 * blob's digest says whether the bytes are the right ones, these whether the store still has them.
 */
public final class BlobChecks {

  /** How many bytes one check covers; it is in the database for ever. */
  public static final int BLOCK = 256 << 10;

  private final byte[] sums;

  private BlobChecks(byte[] sums) {
    this.sums = sums;
  }

  public static BlobChecks of(byte[] sums) {
    return new BlobChecks(sums.clone());
  }

  /** As they are stored: 4 bytes a block. */
  public byte[] bytes() {
    return sums.clone();
  }

  /** How many blocks there are. */
  public int blocks() {
    return sums.length / Integer.BYTES;
  }

  /** Whether a block is what was stored. */
  public boolean holds(int block, byte[] content, int length) {
    if (block < 0 || block >= blocks()) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(content, 0, length);
    return (int) crc.getValue() == ByteBuffer.wrap(sums).getInt(block * Integer.BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlobChecks that && Arrays.equals(sums, that.sums);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sums);
  }
}
