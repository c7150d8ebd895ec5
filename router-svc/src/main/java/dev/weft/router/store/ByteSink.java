package dev.weft.router.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows as it is written to; big-endian, as PostgreSQL's wire is. */
final class ByteSink {
  private byte[] bytes;
  private int size;

  ByteSink(int expectedSize) {
    bytes = new byte[Math.max(expectedSize, 16)];
  }

  ByteSink int8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  ByteSink int16(int value) {
    return int8(value >>> 8).int8(value);
  }

  ByteSink int32(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  ByteSink int64(long value) {
    return int32((int) (value >>> 32)).int32((int) value);
  }

  /** A number ≥ 0 in as few bytes as it needs, seven bits each. */
  ByteSink varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      int8((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    return int8((int) rest);
  }

  ByteSink bytes(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /** A text with its length before it. */
  ByteSink text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return varint(utf8.length).bytes(utf8);
  }

  byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
