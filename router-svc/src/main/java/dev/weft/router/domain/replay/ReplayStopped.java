package dev.weft.router.domain.replay;

/** Whoever asked for the replay has gone, or it took longer than it may. */
public final class ReplayStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ReplayStopped() {
    super("the replay was stopped");
  }
}
