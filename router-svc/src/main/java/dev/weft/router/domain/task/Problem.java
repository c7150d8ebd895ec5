package dev.weft.router.domain.task;

import java.util.Map;

/**
 * Why an attempt or a task did not succeed.
 *
 * @param code a google.rpc.Code value
 * @param reason UPPER_SNAKE_CASE, from docs/errors.md
 */
public record Problem(int code, String reason, String message, Map<String, String> metadata) {

  public Problem {
    metadata = Map.copyOf(metadata);
  }
}
