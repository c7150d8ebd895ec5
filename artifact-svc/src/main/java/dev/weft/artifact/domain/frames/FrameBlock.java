package dev.weft.artifact.domain.frames;

import dev.weft.artifact.domain.InvalidValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames of one body in a row, as they are stored together: of each its number (8 bytes), whether
 * it comes after a loss (1), its length (4), its content.
 */
public final class FrameBlock {

  private static final int HEAD = 13;
  private static final int MOST_BYTES = 2 << 20;

  private final List<KeptFrame> frames;

  /**
   * @throws InvalidValue unless they are of one body, in their order, and not too large
   */
  public FrameBlock(List<KeptFrame> frames) {
    if (frames.isEmpty()) {
      throw new InvalidValue("frames", "none", "at least one");
    }
    FramePlace before = new FramePlace(frames.getFirst().place().body(), 0);
    for (KeptFrame frame : frames) {
      if (frame.place().body() != before.body() || !before.isBefore(frame.place())) {
        throw new InvalidValue(
            "frames.place", frame.place(), "one of the same body after " + before);
      }
      if (frame.content().remaining() > KeptFrame.MOST_BYTES) {
        throw new InvalidValue(
            "frames.frame", frame.content().remaining() + " bytes", "<= " + KeptFrame.MOST_BYTES);
      }
      before = frame.place();
    }
    this.frames = List.copyOf(frames);
    if (size() > MOST_BYTES) {
      throw new InvalidValue("frames", size() + " bytes", "<= " + MOST_BYTES);
    }
  }

  public FramePlace first() {
    return frames.getFirst().place();
  }

  public FramePlace last() {
    return frames.getLast().place();
  }

  private long size() {
    return frames.stream().mapToLong(frame -> (long) HEAD + frame.content().remaining()).sum();
  }

  public byte[] encoded() {
    ByteBuffer bytes = ByteBuffer.allocate((int) size());
    for (KeptFrame frame : frames) {
      bytes
          .putLong(frame.place().number())
          .put((byte) (frame.afterLoss() ? 1 : 0))
          .putInt(frame.content().remaining())
          .put(frame.content().duplicate());
    }
    return bytes.array();
  }

  /** Frames of stored bytes after a number, at least one if there are any, up to a size. */
  public static List<KeptFrame> decoded(int body, byte[] stored, long after, long mostBytes) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    List<KeptFrame> found = new ArrayList<>();
    long taken = 0;
    while (bytes.hasRemaining()) {
      long number = bytes.getLong();
      boolean afterLoss = bytes.get() != 0;
      int length = bytes.getInt();
      if (number > after) {
        taken += length;
        if (!found.isEmpty() && taken > mostBytes) {
          break;
        }
        ByteBuffer content = bytes.slice(bytes.position(), length).asReadOnlyBuffer();
        found.add(new KeptFrame(new FramePlace(body, number), content, afterLoss));
      }
      bytes.position(bytes.position() + length);
    }
    return found;
  }
}
