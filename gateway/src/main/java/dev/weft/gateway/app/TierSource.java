package dev.weft.gateway.app;

import dev.weft.gateway.domain.TenantTier;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Whoever knows tenants' tiers. */
@FunctionalInterface
public interface TierSource {

  /** Empty if the tenant has none; fails if there is no answer. */
  CompletionStage<Optional<TenantTier>> tier(String tenant);
}
