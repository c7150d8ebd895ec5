package dev.weft.gateway.app;

import java.util.List;
import java.util.UUID;

class FakeTokenStoreTest extends TokenStoreContract {

  private final FakeTokenStore store = new FakeTokenStore();

  @Override
  protected TokenStore store() {
    return store;
  }

  @Override
  protected String newTenant() {
    return "t-" + UUID.randomUUID();
  }

  @Override
  protected List<AuditEntry> auditOf(String target) {
    return store.audit.stream().filter(entry -> entry.target().equals(target)).toList();
  }
}
