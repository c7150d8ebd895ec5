package dev.weft.platform.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.discovery.ServiceDirectory.Pick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceDirectoryTest {

  private static final HostPort ONE = new HostPort("10.0.0.1", 7110);
  private static final HostPort TWO = new HostPort("10.0.0.2", 7110);
  private static final HostPort THREE = new HostPort("10.0.0.3", 7110);

  @Test
  void fixedListServesItsRolesOnly() {
    ServiceDirectory directory =
        ServiceDirectory.fixed(Map.of("router", List.of(TWO, ONE), "registry", List.of()));

    assertThat(directory.addresses("router")).containsExactly(ONE, TWO);
    assertThat(directory.addresses("registry")).isEmpty();
    assertThat(directory.addresses("scaler")).isEmpty();
    assertThat(directory.pick("registry")).isEmpty();
    assertThat(directory.pick("scaler")).isEmpty();
  }

  @Test
  void busyReplicaIsPickedLess() {
    ServiceDirectory directory = ServiceDirectory.fixed(Map.of("router", List.of(ONE, TWO, THREE)));
    occupy(directory, ONE, 50);
    Map<HostPort, Integer> picked = new HashMap<>();

    for (int i = 0; i < 3_000; i++) {
      Pick pick = directory.pick("router").orElseThrow();
      picked.merge(pick.address(), 1, Integer::sum);
    }

    // Two random choices with repetition: the busy one only if it is drawn twice, 1 in 9.
    assertThat(picked.getOrDefault(ONE, 0)).isBetween(150, 550);
    assertThat(picked.get(TWO)).isGreaterThan(900);
    assertThat(picked.get(THREE)).isGreaterThan(900);
  }

  @Test
  void endedCallsCountNoMore() {
    ServiceDirectory directory = ServiceDirectory.fixed(Map.of("router", List.of(ONE, TWO)));
    List<Pick> busy = occupy(directory, ONE, 20);
    busy.forEach(pick -> pick.ended(null));
    occupy(directory, TWO, 5);
    int first = 0;

    for (int i = 0; i < 1_000; i++) {
      first += directory.pick("router").orElseThrow().address().equals(ONE) ? 1 : 0;
    }

    assertThat(first).isGreaterThan(600);
  }

  @Test
  void updatesKeepWhatIsKnownAndAnEmptyOneSaysNothing() {
    Replicas replicas = new Replicas();
    replicas.update(List.of(THREE, ONE, ONE));
    assertThat(replicas.addresses()).containsExactly(ONE, THREE);

    replicas.update(List.of());
    assertThat(replicas.addresses()).containsExactly(ONE, THREE);

    replicas.update(List.of(TWO));
    assertThat(replicas.addresses()).containsExactly(TWO);
  }

  @Test
  void addressesAreReadAndWritten() {
    assertThat(HostPort.parse("router:7110")).isEqualTo(new HostPort("router", 7110));
    assertThat(HostPort.parse("[::1]:7110")).isEqualTo(new HostPort("::1", 7110));
    assertThat(HostPort.parse("[::1]:7110").toString()).isEqualTo("[::1]:7110");
    for (String text :
        List.of("", "a", ":1", "a:", "a:0", "a:65536", "a:x", "a b:1", "a/b:1", "u@a:1")) {
      assertThatThrownBy(() -> HostPort.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void consulAccessIsCheckedAndDoesNotShowItsToken() {
    assertThat(ConsulAccess.of("http://127.0.0.1:8500", Optional.of("secret")).toString())
        .doesNotContain("secret");
    for (String url : List.of("127.0.0.1:8500", "ftp://a:1", "http://")) {
      assertThatThrownBy(() -> ConsulAccess.of(url, Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static List<Pick> occupy(ServiceDirectory directory, HostPort address, int calls) {
    List<Pick> busy = new ArrayList<>();
    for (int tries = 0; busy.size() < calls; tries++) {
      assertThat(tries).isLessThan(100_000);
      Pick pick = directory.pick("router").orElseThrow();
      if (pick.address().equals(address)) {
        pick.started();
        busy.add(pick);
      }
    }
    return busy;
  }
}
