package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LogFull;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.NumberLeftOut;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/** Failures in the words that callers know. */
public final class Refusals {

  private static final Duration SOON = Duration.ofMillis(500);

  private Refusals() {}

  /** What a caller is told about a failure. */
  public static MeshException of(Throwable failure) {
    return switch (failure) {
      case MeshException e -> e;
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case NumberLeftOut e ->
          new MeshException(OutputReason.NUMBER_LEFT_OUT, Objects.toString(e.getMessage()))
              .with("number", e.number())
              .with("expected", e.expected());
      case LogFull e ->
          new MeshException(OutputReason.LOG_FULL, Objects.toString(e.getMessage()))
              .with("most", e.most());
      case IllegalStateException e -> internal(e);
      case IllegalArgumentException e -> internal(e);
      case NullPointerException e -> internal(e);
      default -> unavailable("the log's storage does not answer", failure);
    };
  }

  private static MeshException internal(RuntimeException e) {
    return new MeshException(CommonReason.INTERNAL, "internal error", e);
  }

  static MeshException unavailable(String why, Throwable cause) {
    return new MeshException(OutputReason.OUTPUT_UNAVAILABLE, why, cause).retryAfter(SOON);
  }

  static MeshException unavailable(String why) {
    return new MeshException(OutputReason.OUTPUT_UNAVAILABLE, why).retryAfter(SOON);
  }

  static MeshException notFound(LogKey key) {
    return new MeshException(
            OutputReason.LOG_NOT_FOUND,
            "log of " + key.taskId() + ", attempt " + key.attempt() + ": none (expected: opened)")
        .with("task_id", key.taskId())
        .with("attempt", key.attempt());
  }

  static MeshException silent(Owner owner) {
    return new MeshException(
            OutputReason.LOG_OWNER_SILENT, "the log's owner " + owner.node() + " does not answer")
        .with("owner", owner.node())
        .retryAfter(SOON);
  }
}
