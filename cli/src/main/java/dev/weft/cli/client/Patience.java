package dev.weft.cli.client;

import java.time.Duration;

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
    return !outlasts(Duration.ZERO);
  }

  /** Whether the pause that is asked for ends before the patience does. */
  boolean outlasts(Duration asked) {
    return System.nanoTime() + asked.toNanos() - end < 0;
  }

  /**
   * At least the usual pause.
   *
   * @param asked what the mesh asks for
   */
  void pause(Duration asked) {
    Duration usual = pace.pause();
    MeshApi.sleep(asked.compareTo(usual) > 0 ? asked : usual);
  }
}
