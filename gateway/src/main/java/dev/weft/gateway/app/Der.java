package dev.weft.gateway.app;

import java.util.Arrays;

/** A certificate or a signing request as bytes. */
public final class Der {

  private final byte[] bytes;

  private Der(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Der of(byte[] bytes) {
    return new Der(bytes.clone());
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Der der && Arrays.equals(bytes, der.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Der[" + bytes.length + " bytes]";
  }
}
