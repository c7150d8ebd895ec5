package dev.weft.router.app;

import dev.weft.router.domain.limit.TenantTier;

/** The stored tiers of tenants. */
public interface TierBook extends TenantBook<TenantTier> {}
