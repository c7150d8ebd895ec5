package dev.weft.cli.relay;

/** What a frame is. The order is the wire's. */
public enum FrameKind {
  /** To the resident: a {@link Hello}. */
  HELLO,
  /** To the client: nothing of it was begun, and why. */
  REFUSED,
  /** To the client: it would begin now. */
  READY,
  /** To the resident: begin. Whoever has sent this never begins it elsewhere. */
  GO,
  /** To the client: bytes for stdout. */
  OUT,
  /** To the client: bytes for stderr. */
  ERR,
  /** To the resident: so many bytes of stdout were written (4 bytes). */
  OUT_WRITTEN,
  /** To the resident: so many bytes of stderr were written (4 bytes). */
  ERR_WRITTEN,
  /** To the resident: nobody reads stdout any more. */
  OUT_BROKEN,
  /** To the resident: nobody reads stderr any more. */
  ERR_BROKEN,
  /** To the client: at most so many bytes of stdin are wanted (4 bytes). */
  WANT,
  /** To the resident: bytes of stdin; none of them at its end. */
  INPUT,
  /** To the resident: a signal's name. */
  SIGNAL,
  /** To the client: it has ended, with this code (4 bytes). */
  EXIT;

  private static final FrameKind[] ALL = values();

  /** Null if there is none of this number. */
  static @org.jspecify.annotations.Nullable FrameKind of(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : null;
  }
}
