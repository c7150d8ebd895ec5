package dev.weft.cli.relay;

import org.jspecify.annotations.Nullable;

/** What a frame is. */
public enum FrameKind {
  /** To the resident: a {@link Hello}. */
  HELLO(1),
  /** To the client: nothing of it was begun, and why. */
  REFUSED(2),
  /** To the client: it would begin now. */
  READY(3),
  /** To the resident: begin. Whoever has sent this never begins it elsewhere. */
  GO(4),
  /** To the client: bytes for stdout. */
  OUT(5),
  /** To the client: bytes for stderr. */
  ERR(6),
  /** To the resident: so many bytes of stdout were written (4 bytes). */
  OUT_WRITTEN(7),
  /** To the resident: so many bytes of stderr were written (4 bytes). */
  ERR_WRITTEN(8),
  /** To the resident: nobody reads stdout any more. */
  OUT_BROKEN(9),
  /** To the resident: nobody reads stderr any more. */
  ERR_BROKEN(10),
  /** To the client: at most so many bytes of stdin are wanted (4 bytes). */
  WANT(11),
  /** To the resident: bytes of stdin; none of them at its end. */
  INPUT(12),
  /** To the resident: a signal's name. */
  SIGNAL(13),
  /** To the client: it has ended, with this code (4 bytes). */
  EXIT(14),
  /** To the resident: stdin can't be read, and why; not its end. */
  INPUT_BROKEN(15);

  private static final FrameKind[] ALL = values();

  private final int number;

  FrameKind(int number) {
    this.number = number;
  }

  /** On the wire. */
  byte number() {
    return (byte) number;
  }

  /** Null if there is none of this number. */
  static @Nullable FrameKind of(int number) {
    for (FrameKind kind : ALL) {
      if (kind.number == number) {
        return kind;
      }
    }
    return null;
  }
}
