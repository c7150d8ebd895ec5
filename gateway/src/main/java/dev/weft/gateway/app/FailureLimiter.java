package dev.weft.gateway.app;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Slows down who guesses secrets. Its stages never fail: without its backing it goes on with a
 * bound of its own.
 */
public interface FailureLimiter {

  /** How long the address must wait before it may try another secret; zero if it needn't. */
  CompletionStage<Duration> waitFor(String source);

  /** Counts a failed try. */
  CompletionStage<Void> failed(String source);
}
