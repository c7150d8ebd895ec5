package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.app.TokenDesk.Issued;
import dev.weft.gateway.app.TokenDesk.Wish;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.SettableClock;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenDeskTest {

  private static final Wish RULER =
      new Wish("ruler", Set.of(Scope.MESH_ADMIN, Scope.TASKS_READ), Optional.empty());

  private final SettableClock clock = new SettableClock();
  private final TokenDesk desk =
      new TokenDesk(
          new FakeTokenStore(),
          new SecretMint() {
            @Override
            public String bearer() {
              return "wft_secret";
            }

            @Override
            public String ticket() {
              return "wfs_secret";
            }

            @Override
            public String join() {
              return "wfj_secret";
            }
          },
          new IdGenerator(0, clock, new Random(1)),
          clock);

  @Test
  void whoRulesATenantCannotMakeATokenThatRulesTheMesh() {
    assertThatThrownBy(() -> desk.create(actor(Scope.ADMIN), RULER))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(GatewayReason.SCOPE_MISSING);
              assertThat(e.metadata()).containsEntry("scope", "mesh.admin");
            });
  }

  @Test
  void whoRulesTheMeshCan() {
    Issued issued =
        desk.create(actor(Scope.ADMIN, Scope.MESH_ADMIN), RULER).toCompletableFuture().join();

    assertThat(issued.token().scopes()).isEqualTo(RULER.scopes());
  }

  private static Actor actor(Scope... scopes) {
    return new Actor(
        new Caller("acme", "boss", UUID.randomUUID(), Set.of(scopes), Optional.empty()), "::1");
  }
}
