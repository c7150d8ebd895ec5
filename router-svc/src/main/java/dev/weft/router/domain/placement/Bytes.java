package dev.weft.router.domain.placement;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * Grows in memory, as {@link java.io.ByteArrayOutputStream} does, without a lock for each write.
 */
final class Bytes extends OutputStream {

  private byte[] bytes = new byte[256];
  private int size;

  @Override
  public void write(int one) {
    reserve(1);
    bytes[size++] = (byte) one;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    reserve(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }
}
