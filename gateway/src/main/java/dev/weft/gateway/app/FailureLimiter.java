package dev.weft.gateway.app;

import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Slows down who guesses secrets. Its stages never fail: without its backing it goes on with a
 * bound of its own.
 */
public interface FailureLimiter {

  /** How long the address must wait before it may try another secret; zero if it needn't. */
  CompletionStage<Duration> waitFor(String source);

  /** Counts a failed try. */
  CompletionStage<Void> failed(String source);

  /**
   * What is said of the secret that was tried; a refusal counts as a failed try, and is passed on.
   */
  default <T> CompletionStage<T> counted(String source, Supplier<T> verdict) {
    try {
      return CompletableFuture.completedFuture(verdict.get());
    } catch (MeshException refused) {
      return failed(source).thenCompose(_ -> CompletableFuture.failedStage(refused));
    }
  }
}
