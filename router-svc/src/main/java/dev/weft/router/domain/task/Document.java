package dev.weft.router.domain.task;

import java.util.Arrays;

/**
 * Bytes that the core carries and never opens: a spec, a result. Never changed after construction;
 * never printed, since it may hold what a user keeps to himself.
 */
public final class Document {

  public static final Document EMPTY = new Document(new byte[0]);

  private final byte[] bytes;

  private Document(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes the array over; the caller must not write to it again. */
  public static Document of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Document(bytes);
  }

  /** The array itself, for reading only. */
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Document document && Arrays.equals(bytes, document.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Document[" + bytes.length + " bytes]";
  }
}
