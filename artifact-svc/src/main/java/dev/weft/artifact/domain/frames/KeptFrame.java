package dev.weft.artifact.domain.frames;

import java.nio.ByteBuffer;

/**
 * A frame as its home keeps it.
 *
 * @param content never written to, and its position is never moved
 * @param afterLoss frames may have been before it which nobody has
 */
public record KeptFrame(FramePlace place, ByteBuffer content, boolean afterLoss) {

  /** Most bytes of one frame. */
  public static final int MOST_BYTES = 80 << 10;

  public KeptFrame {
    content = content.slice();
  }
}
