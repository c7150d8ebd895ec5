package dev.weft.artifact;

import dev.weft.artifact.app.Sweeper;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.app.frames.FrameRows;
import dev.weft.platform.telemetry.LogKeys;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What the service does by itself: two threads, so that a slow store never delays the watch. */
@Singleton
class Housekeeping implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Housekeeping.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration FRAMES = Duration.ofMinutes(10);
  private static final int SOME = 100;

  private final ArtifactConfig config;
  private final Sweeper sweeper;
  private final Transfers transfers;
  private final FrameRows frames;
  private final ScheduledExecutorService sweeping = thread("artifact-sweep");
  private final ScheduledExecutorService watching = thread("artifact-watch");

  Housekeeping(ArtifactConfig config, Sweeper sweeper, Transfers transfers, FrameRows frames) {
    this.config = config;
    this.sweeper = sweeper;
    this.transfers = transfers;
    this.frames = frames;
  }

  void start() {
    every(watching, LOOK, transfers::look);
    every(sweeping, config.artifact().sweepInterval(), sweeper::sweep);
    every(sweeping, config.artifact().scanInterval(), sweeper::scan);
    every(sweeping, FRAMES, this::forgetFrames);
  }

  private void forgetFrames() {
    int gone;
    do {
      gone = frames.sweep(config.output().retention(), config.frames().silence(), SOME);
    } while (gone == SOME);
  }

  @Override
  public void close() {
    watching.shutdownNow();
    sweeping.shutdownNow();
  }

  /** A round. */
  @FunctionalInterface
  private interface Round {
    void run() throws IOException;
  }

  private static void every(ScheduledExecutorService executor, Duration pause, Round round) {
    executor.scheduleWithFixedDelay(
        () -> {
          try {
            round.run();
          } catch (IOException | RuntimeException e) {
            LOG.warnf("a round failed, the next one follows: %s=%s", LogKeys.ERROR, e);
          }
        },
        pause.toNanos(),
        pause.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }
}
