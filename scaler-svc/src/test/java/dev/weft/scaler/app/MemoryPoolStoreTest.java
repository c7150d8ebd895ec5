package dev.weft.scaler.app;

import java.time.InstantSource;

class MemoryPoolStoreTest extends PoolStoreContract {

  private final MemoryPoolStore store = new MemoryPoolStore(InstantSource.system());

  @Override
  protected PoolStore store() {
    return store;
  }

  @Override
  protected void cellIsHeldUnder(long epoch) {
    store.epoch = epoch;
  }
}
