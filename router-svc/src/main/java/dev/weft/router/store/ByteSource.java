package dev.weft.router.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteSink} wrote. */
final class ByteSource {
  private final ByteBuffer buffer;

  ByteSource(byte[] bytes) {
    buffer = ByteBuffer.wrap(bytes);
  }

  boolean hasMore() {
    return buffer.hasRemaining();
  }

  int int8() {
    return buffer.get() & 0xff;
  }

  long int64() {
    return buffer.getLong();
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int part = int8();
      value |= (part & 0x7fL) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    throw new IllegalStateException("varint: over 64 bits");
  }

  int count() {
    return Math.toIntExact(varint());
  }

  String text() {
    byte[] utf8 = new byte[count()];
    buffer.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
