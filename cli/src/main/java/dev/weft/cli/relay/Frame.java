package dev.weft.cli.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One message between the two. */
public final class Frame {
  private final FrameKind kind;
  private final byte[] body;

  /**
   * @param body belongs to whoever reads it
   */
  Frame(FrameKind kind, byte[] body) {
    this.kind = kind;
    this.body = body;
  }

  public FrameKind kind() {
    return kind;
  }

  public byte[] body() {
    return body;
  }

  /** Its four bytes. */
  public int number() {
    if (body.length != Integer.BYTES) {
      throw new IllegalArgumentException(
          kind + ": " + body.length + " bytes (expected: " + Integer.BYTES + ")");
    }
    return ByteBuffer.wrap(body).getInt();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
