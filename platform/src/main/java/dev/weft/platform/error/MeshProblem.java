package dev.weft.platform.error;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What a failed call said, as its caller sees it. */
public record MeshProblem(
    Code code,
    String reason,
    String message,
    Map<String, String> metadata,
    Optional<Duration> retryAfter) {

  public MeshProblem {
    metadata = Map.copyOf(metadata);
  }

  public boolean is(Reason expected) {
    return reason.equals(expected.name());
  }
}
