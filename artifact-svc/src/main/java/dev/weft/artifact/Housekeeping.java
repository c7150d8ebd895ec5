package dev.weft.artifact;

import dev.weft.artifact.app.Sweeper;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.app.frames.FrameRows;
import dev.weft.platform.lifecycle.Rounds;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What the service does by itself: two threads, so that a slow store never delays the watch. */
@Singleton
class Housekeeping implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration FRAMES = Duration.ofMinutes(10);
  private static final int SOME = 100;

  private final ArtifactConfig config;
  private final Sweeper sweeper;
  private final Transfers transfers;
  private final FrameRows frames;
  private final Rounds sweeping = new Rounds("artifact-sweep");
  private final Rounds watching = new Rounds("artifact-watch");

  Housekeeping(ArtifactConfig config, Sweeper sweeper, Transfers transfers, FrameRows frames) {
    this.config = config;
    this.sweeper = sweeper;
    this.transfers = transfers;
    this.frames = frames;
  }

  void start() {
    watching.every(LOOK, transfers::look);
    sweeping.every(config.artifact().sweepInterval(), sweeper::sweep);
    sweeping.every(config.artifact().scanInterval(), sweeper::scan);
    sweeping.every(FRAMES, this::forgetFrames);
  }

  private void forgetFrames() {
    int gone;
    do {
      gone = frames.sweep(config.output().retention(), config.frames().silence(), SOME);
    } while (gone == SOME);
  }

  @Override
  public void close() {
    watching.close();
    sweeping.close();
  }
}
