package dev.weft.artifact.domain.output;

/** The log would hold more bytes than it may. */
public final class LogFull extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long most;

  LogFull(long most) {
    super("log: over " + most + " bytes (expected: at most that)");
    this.most = most;
  }

  public long most() {
    return most;
  }
}
