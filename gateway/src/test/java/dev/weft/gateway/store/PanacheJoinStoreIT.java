package dev.weft.gateway.store;

import dev.weft.gateway.app.JoinStore;
import dev.weft.gateway.app.JoinStoreContract;
import dev.weft.gateway.testing.InProcessGateway;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;

@QuarkusTest
@QuarkusTestResource(InProcessGateway.class)
class PanacheJoinStoreIT extends JoinStoreContract {

  @Inject JoinStore store;

  @Override
  protected JoinStore store() {
    return store;
  }
}
