package dev.weft.router.app;

import dev.weft.router.domain.limit.TenantTier;

/** The tiers of a {@link FakeCell}'s tenants. */
public final class FakeTiers extends FakeTenantBook<TenantTier> implements TierBook {

  public FakeTiers(FakeCell cell) {
    super(cell, cell.tiers, TenantTier::tenant);
  }
}
