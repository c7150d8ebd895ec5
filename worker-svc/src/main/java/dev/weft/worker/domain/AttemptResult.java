package dev.weft.worker.domain;

import dev.weft.worker.domain.agent.BodyEnd;
import java.time.Duration;
import java.util.Optional;

/**
 * How an attempt ended.
 *
 * @param failure empty when it succeeded
 * @param tokens what it used of models
 * @param traceparent W3C trace context of the attempt; empty when it is seen by nobody
 */
public record AttemptResult(
    AttemptKey key, Optional<Failure> failure, Report report, TokenUse tokens, String traceparent) {

  public AttemptResult(AttemptKey key, Optional<Failure> failure, Report report) {
    this(key, failure, report, TokenUse.NOTHING, "");
  }

  /** The same, seen as part of a span. */
  public AttemptResult withTraceparent(String value) {
    return new AttemptResult(key, failure, report, tokens, value);
  }

  /** The same with what it used of models. */
  public AttemptResult withTokens(TokenUse used) {
    return new AttemptResult(key, failure, report, used, traceparent);
  }

  /** What the run left behind. */
  public record Report(
      int exitCode,
      CapturedOutput output,
      Changes changes,
      Duration wallTime,
      Duration cpuTime,
      long peakMemoryBytes,
      Optional<BodyEnd> bodyEnd) {

    public static final Report EMPTY =
        new Report(0, CapturedOutput.EMPTY, Duration.ZERO, Duration.ZERO, 0);

    /** The same with what was kept. */
    public Report with(Changes kept) {
      return new Report(exitCode, output, kept, wallTime, cpuTime, peakMemoryBytes, bodyEnd);
    }

    /** Of a body that ended by itself. */
    public static Report of(BodyEnd end, Duration wallTime) {
      return new Report(
          0, CapturedOutput.EMPTY, Changes.NONE, wallTime, Duration.ZERO, 0, Optional.of(end));
    }

    /** Without changes. */
    public Report(
        int exitCode,
        CapturedOutput output,
        Duration wallTime,
        Duration cpuTime,
        long peakMemoryBytes) {
      this(exitCode, output, Changes.NONE, wallTime, cpuTime, peakMemoryBytes, Optional.empty());
    }
  }

  /**
   * What was kept of the workspace.
   *
   * @param artifact empty when nothing changed, or nothing was to be kept
   * @param paths how many entries its tree has, removed ones too
   * @param incomplete what is missing of it; the command's own outcome stands
   */
  public record Changes(String artifact, int paths, Optional<Failure> incomplete) {
    public static final Changes NONE = new Changes("", 0, Optional.empty());
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
    return 512
        + 256 * tokens.models().size()
        + output.combined().length
        + output.stdout().length
        + output.stderr().length;
  }
}
