package dev.weft.worker.linux;

import dev.weft.platform.security.PrivateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The number of this life of the worker: the time of its start in milliseconds since 1970, or one
 * more than the last life's where the clock has gone back. The mesh takes the higher of two as the
 * newer, so a worker whose clock was once ahead would else be locked out until that time.
 */
public final class Incarnation {

  private static final String FILE = "incarnation";

  private Incarnation() {}

  /**
   * Begins a life and notes it in the data directory, which this process must hold alone. What
   * can't be read as a number counts as never written.
   */
  public static long begin(Path data, InstantSource clock) {
    Path file = data.resolve(FILE);
    long number = Math.max(clock.millis(), last(file) + 1);
    PrivateFiles.writeText(file, Long.toString(number));
    return number;
  }

  private static long last(Path file) {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      long last = Long.parseLong(PrivateFiles.readText(file).strip());
      return last == Long.MAX_VALUE ? 0 : last;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
