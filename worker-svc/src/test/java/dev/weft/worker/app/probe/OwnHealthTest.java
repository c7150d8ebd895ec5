package dev.weft.worker.app.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.HostLoad;
import dev.weft.worker.domain.probe.ProbeFinding;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbeResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnHealthTest {

  private static final ProbeResult GOOD =
      new ProbeResult(1, 0, List.of(ProbeFinding.ofService("artifact", "")));
  private static final ProbeResult AWAY =
      new ProbeResult(1, 0, List.of(ProbeFinding.ofService("artifact", "no answer")));
  private static final ProbeResult BROKEN =
      new ProbeResult(1, 0, List.of(ProbeFinding.own("sandbox", "broken")));

  @Test
  void oneThatWasNotAskedYetIsHealthy() {
    assertThat(health(Map.of(), true).status()).isEqualTo("healthy");
    assertThat(health(Map.of(), true).services()).containsOnlyKeys("noop", "shell");
  }

  @Test
  void withoutAPlacerOrAServiceItIsDegraded() {
    assertThat(health(Map.of(), false).status()).isEqualTo("degraded");
    OwnHealth away = health(Map.of(ProbeLayer.APPLICATION, AWAY), true);
    assertThat(away.status()).isEqualTo("degraded");
    assertThat(away.services())
        .containsEntry("artifact", "unreachable")
        .containsEntry("shell", "ready");
    assertThat(health(Map.of(ProbeLayer.APPLICATION, GOOD), true).services())
        .containsEntry("artifact", "connected");
  }

  @Test
  void withoutASandboxItIsUnhealthyAndOffersNothingButNoops() {
    OwnHealth broken = health(Map.of(ProbeLayer.DEEP, BROKEN), true);

    assertThat(broken.status()).isEqualTo("unhealthy");
    assertThat(broken.services())
        .containsEntry("shell", "unavailable")
        .containsEntry("noop", "ready");
  }

  private static OwnHealth health(Map<ProbeLayer, ProbeResult> probes, boolean connected) {
    return new OwnHealth(
        "wkr_1",
        WorkViews.of(0, 4, connected, false),
        new HostLoad(0.1, 0.2, 0.3),
        Set.of("noop", "shell"),
        probes);
  }
}
