package dev.weft.gateway.app;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets each address fail so many times, for ever. */
public final class FakeFailureLimiter implements FailureLimiter {

  private final int most;
  private final Map<String, Integer> failures = new HashMap<>();

  public FakeFailureLimiter(int most) {
    this.most = most;
  }

  @Override
  public CompletionStage<Duration> waitFor(String source) {
    boolean blocked = failures.getOrDefault(source, 0) >= most;
    return CompletableFuture.completedFuture(blocked ? Duration.ofSeconds(7) : Duration.ZERO);
  }

  @Override
  public CompletionStage<Void> failed(String source) {
    failures.merge(source, 1, Integer::sum);
    return CompletableFuture.completedFuture(null);
  }
}
