package dev.weft.gateway.app;

class FakeJoinStoreTest extends JoinStoreContract {

  private final FakeJoinStore store = new FakeJoinStore();

  @Override
  protected JoinStore store() {
    return store;
  }
}
