package dev.weft.worker.domain;

import java.util.HashMap;
import java.util.Map;

/**
 * Why an attempt did not succeed, for people and programs.
 *
 * @param message what, the value, and what was expected
 * @param facts every variable that the message names
 */
public record Failure(FailureReason reason, String message, Map<String, String> facts) {

  public Failure {
    facts = Map.copyOf(facts);
  }

  /** The same with one more fact. */
  public Failure with(String key, String value) {
    Map<String, String> more = new HashMap<>(facts);
    more.put(key, value);
    return new Failure(reason, message, more);
  }

  public Failure(FailureReason reason, String message) {
    this(reason, message, Map.of());
  }
}
