package dev.weft.worker.domain;

import java.time.Duration;
import java.util.Optional;

/**
 * How an attempt ended.
 *
 * @param failure empty when it succeeded
 */
public record AttemptResult(AttemptKey key, Optional<Failure> failure, Report report) {

  /** What the run left behind. */
  public record Report(
      int exitCode,
      CapturedOutput output,
      Duration wallTime,
      Duration cpuTime,
      long peakMemoryBytes) {

    public static final Report EMPTY =
        new Report(0, CapturedOutput.EMPTY, Duration.ZERO, Duration.ZERO, 0);
  }

  public static AttemptResult succeeded(AttemptKey key, Report report) {
    return new AttemptResult(key, Optional.empty(), report);
  }

  public static AttemptResult failed(AttemptKey key, Failure failure, Report report) {
    return new AttemptResult(key, Optional.of(failure), report);
  }

  public boolean successful() {
    return failure.isEmpty();
  }

  /** What keeping it costs, roughly. */
  public int weight() {
    CapturedOutput output = report.output();
    return 512 + output.combined().length + output.stdout().length + output.stderr().length;
  }
}
