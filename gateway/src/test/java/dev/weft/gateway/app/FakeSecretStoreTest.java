package dev.weft.gateway.app;

import java.util.List;
import java.util.UUID;

class FakeSecretStoreTest extends SecretStoreContract {

  private final FakeSecretStore store = new FakeSecretStore();

  @Override
  protected SecretStore store() {
    return store;
  }

  @Override
  protected String newTenant() {
    return "t-" + UUID.randomUUID();
  }

  @Override
  protected List<AuditEntry> auditOf(String tenant) {
    return store.audit.stream().filter(entry -> entry.tenant().equals(tenant)).toList();
  }
}
