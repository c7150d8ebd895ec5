package dev.weft.cli.client;

/** How much longer a caller goes on without progress. */
public final class Patience {
  private final Pace pace;
  private volatile long end;

  Patience(Pace pace) {
    this.pace = pace;
    progress();
  }

  /** Something got through: patience is whole again. */
  public void progress() {
    end = System.nanoTime() + pace.patience().toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  void pause() {
    MeshApi.sleep(pace.pause());
  }
}
