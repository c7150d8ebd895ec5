package dev.weft.gateway.store;

import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.SecretStore;
import dev.weft.gateway.app.SecretStoreContract;
import dev.weft.gateway.testing.InProcessGateway;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

@QuarkusTest
@QuarkusTestResource(InProcessGateway.class)
class PanacheSecretStoreIT extends SecretStoreContract {

  @Inject SecretStore store;
  @Inject Bootstrap bootstrap;
  @Inject AuditRows audit;
  @Inject DetachedSessions sessions;

  @Override
  protected SecretStore store() {
    return store;
  }

  @Override
  protected String newTenant() {
    String tenant = "t-" + UUID.randomUUID();
    bootstrap
        .apply(new Bootstrap.First(tenant, Optional.empty(), Optional.empty()))
        .toCompletableFuture()
        .join();
    return tenant;
  }

  @Override
  protected List<AuditEntry> auditOf(String tenant) {
    return sessions
        .read(() -> audit.list("tenant = ?1 order by id", tenant))
        .toCompletableFuture()
        .join()
        .stream()
        .map(row -> new AuditEntry(row.tenant, row.principal, row.action, row.target, row.source))
        .toList();
  }
}
