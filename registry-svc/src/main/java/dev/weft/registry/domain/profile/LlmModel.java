package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;

/** A served language model: how much it reads, how fast it writes, for how many at once. */
public record LlmModel(
    String model, long maxContext, double tokensPerSecond, long concurrentRequests) {

  public LlmModel {
    Check.text("model", model, 128);
    Check.within("max_context", maxContext, 1, 1_000_000_000);
    Check.within("tokens_per_second", tokensPerSecond, 0.001, 1e9);
    Check.within("concurrent_requests", concurrentRequests, 1, 1_000_000);
  }
}
