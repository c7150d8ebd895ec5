package dev.weft.registry.app;

class MemoryWorkerStoreTest extends WorkerStoreContract {

  private final MemoryWorkerStore store = new MemoryWorkerStore();

  @Override
  protected WorkerStore store() {
    return store;
  }

  @Override
  protected void cellIsHeldUnder(long epoch) {
    store.heldUnder(epoch);
  }
}
