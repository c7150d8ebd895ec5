package dev.weft.artifact.domain.frames;

import dev.weft.artifact.domain.InvalidValue;
import java.util.Comparator;

/** A place in a session: frames order by body, then by number. */
public record FramePlace(int body, long number) implements Comparable<FramePlace> {

  /** Before everything. */
  public static final FramePlace START = new FramePlace(0, 0);

  private static final Comparator<FramePlace> ORDER =
      Comparator.comparingInt(FramePlace::body).thenComparingLong(FramePlace::number);

  public FramePlace {
    if (body < 0 || number < 0) {
      throw new InvalidValue("place", body + "." + number, "no negative number");
    }
  }

  public boolean isBefore(FramePlace other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(FramePlace other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return body + "." + number;
  }
}
