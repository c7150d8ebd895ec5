package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.FakeFailureLimiter;
import dev.weft.gateway.app.FakeTokenStore;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.TokenCache;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.WatchGuard.Watch;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchGuardTest {

  private static final int MOST = 16;

  private final SettableTicker ticker = new SettableTicker();
  private final WatchGuard guard =
      new WatchGuard(
          new Authenticator(
              new FakeTokenStore(),
              new FakeFailureLimiter(3),
              new TokenCache(ticker, Duration.ofSeconds(4), 100),
              new SettableClock(),
              ticker),
          (_, _) -> {},
          ticker,
          Duration.ofSeconds(15),
          MOST,
          GatewayReason.TOO_MANY_TRANSFERS);

  @Test
  void aTenantHasHalfOfAllStreams() {
    List<Watch> watches = admit("acme", MOST / 2);

    assertFull("acme", MOST / 2);
    admit("rival", 1);

    watches.getFirst().close();
    admit("acme", 1);
    assertFull("acme", MOST / 2);
  }

  @Test
  void allTenantsTogetherHaveAsManyAsThereMayBe() {
    for (int tenant = 0; tenant < 2; tenant++) {
      admit("tenant-" + tenant, MOST / 2);
    }

    assertFull("another", MOST);
    assertThat(guard.open()).isEqualTo(MOST);
  }

  @Test
  void aPlaceIsGivenBackOnce() {
    Watch watch = admit("acme", 2).getFirst();

    watch.close();
    watch.close();

    assertThat(guard.open()).isEqualTo(1);
  }

  private List<Watch> admit(String tenant, int count) {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      watches.add(guard.admit(Calls.of(tenant), Scope.TASKS_READ, new Deaf()));
    }
    return watches;
  }

  private void assertFull(String tenant, int most) {
    MeshException refusal = catchThrowableOfType(MeshException.class, () -> admit(tenant, 1));

    assertThat(refusal.reason()).isEqualTo(GatewayReason.TOO_MANY_TRANSFERS);
    assertThat(refusal.metadata()).containsEntry("most", Integer.toString(most));
    assertThat(refusal.retryAfter()).isPresent();
  }

  private static final class Deaf implements WatchGuard.Reader {
    @Override
    public void silent() {}

    @Override
    public void dismissed(MeshException why) {}
  }
}
