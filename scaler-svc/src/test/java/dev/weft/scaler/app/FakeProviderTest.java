package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.Pools;

class FakeProviderTest extends CapacityProviderContract {

  private final FakeProvider provider = new FakeProvider(Pools.spec(1));

  FakeProviderTest() {
    provider.stubborn.add(STUBBORN);
  }

  @Override
  protected CapacityProvider provider() {
    return provider;
  }

  @Override
  protected PoolName pool() {
    return Pools.NAME;
  }

  @Override
  protected void dies(String worker) {
    provider.dies(worker);
  }
}
