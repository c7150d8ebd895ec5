package dev.weft.registry.domain.health;

import static dev.weft.registry.domain.health.ProbedLayer.APPLICATION;
import static dev.weft.registry.domain.health.ProbedLayer.DEEP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.health.ProbeResult.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbedLayersTest {

  /** Beats are of no matter here. */
  private static final HealthPolicy POLICY = HealthPolicy.standard(Duration.ofHours(1));

  private final HealthWatch watch = new HealthWatch(POLICY, 0);
  private long number;
  private long now;

  @Test
  void aLayerIsNotShownBeforeItsFirstProbe() {
    assertThat(layers()).extracting(LayerVerdict::layer).containsExactly("echo", "report");

    deep("");

    assertThat(layers()).extracting(LayerVerdict::layer).containsExactly("echo", "report", "deep");
  }

  @Test
  void oneFailedDeepProbeIsEnough() {
    deep("no workspace");

    assertThat(verdict()).isEqualTo(new HealthVerdict.Unhealthy("sandbox: no workspace"));
    assertThat(layer("deep").grade()).isEqualTo(HealthGrade.OUT);
  }

  @Test
  void ofTheApplicationLayerItTakesTwoInARow() {
    disk("read-only");
    assertThat(verdict()).isInstanceOf(HealthVerdict.Healthy.class);
    assertThat(layer("application").grade()).isEqualTo(HealthGrade.DEGRADED);
    disk("");
    disk("read-only");
    assertThat(verdict()).isInstanceOf(HealthVerdict.Healthy.class);

    disk("read-only");

    assertThat(verdict()).isEqualTo(new HealthVerdict.Unhealthy("disk: read-only"));
  }

  @Test
  void twoGoodProbesInARowBringItBack() {
    deep("no workspace");

    deep("");
    assertThat(verdict()).isInstanceOf(HealthVerdict.Unhealthy.class);
    assertThat(layer("deep").recoveries()).isEqualTo(new LayerVerdict.Count(1, 2));
    deep("no workspace");
    deep("");
    assertThat(verdict()).isInstanceOf(HealthVerdict.Unhealthy.class);
    deep("");

    assertThat(verdict()).isInstanceOf(HealthVerdict.Healthy.class);
  }

  @Test
  void whatFailedLastIsShownAfterwardsTooWithItsAge() {
    deep("no workspace");
    pass(Duration.ofMinutes(1));
    deep("");
    deep("");
    pass(Duration.ofSeconds(7));

    assertThat(layer("deep").reason()).isEmpty();
    assertThat(layer("deep").age()).isEqualTo(Duration.ofSeconds(7));
    assertThat(layer("deep").lastError())
        .contains(new LayerVerdict.LastError("sandbox: no workspace", Duration.ofSeconds(67)));
    assertThat(layer("echo").lastError()).isEmpty();
  }

  @Test
  void theAgeIsThatOfTheProbeNotOfItsTelling() {
    pass(Duration.ofMinutes(1));
    watch.probed(
        now, List.of(new ProbeResult(DEEP, 1, Duration.ofSeconds(40), List.of(sandbox("")))));

    assertThat(layer("deep").age()).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void aProbeThatIsToldTwiceCountsOnce() {
    disk("read-only");
    watch.probed(
        now,
        List.of(
            new ProbeResult(
                APPLICATION, number, Duration.ZERO, List.of(new Finding("disk", false, "x")))));

    assertThat(verdict()).isInstanceOf(HealthVerdict.Healthy.class);
  }

  @Test
  void anotherRegistryThatHearsTheSameComesToTheSameVerdict() {
    HealthWatch next = new HealthWatch(POLICY, 0);
    List<ProbeResult> kept =
        List.of(
            new ProbeResult(DEEP, 4, Duration.ofSeconds(130), List.of(sandbox("broken"))),
            new ProbeResult(DEEP, 5, Duration.ofSeconds(70), List.of(sandbox(""))));
    watch.probed(0, kept.subList(0, 1));
    watch.probed(0, kept.subList(1, 2));

    next.probed(0, kept);

    assertThat(next.verdict(0)).isEqualTo(watch.verdict(0));
    assertThat(next.verdict(0)).isEqualTo(new HealthVerdict.Unhealthy("sandbox: broken"));
  }

  @Test
  void servicesAreShownAsTheLastProbeFoundThem() {
    watch.probed(
        now,
        List.of(
            new ProbeResult(
                APPLICATION,
                1,
                Duration.ZERO,
                List.of(
                    new Finding("artifact", true, "no answer"),
                    new Finding("gateway", true, ""),
                    new Finding("disk", false, "")))));

    assertThat(watch.report(now).services())
        .containsOnlyKeys("artifact", "gateway")
        .containsEntry("artifact", false)
        .containsEntry("gateway", true);
  }

  private void deep(String fault) {
    watch.probed(
        now, List.of(new ProbeResult(DEEP, ++number, Duration.ZERO, List.of(sandbox(fault)))));
  }

  private static Finding sandbox(String fault) {
    return new Finding("sandbox", false, fault);
  }

  private void disk(String fault) {
    watch.probed(
        now,
        List.of(
            new ProbeResult(
                APPLICATION, ++number, Duration.ZERO, List.of(new Finding("disk", false, fault)))));
  }

  /** With beats in between. */
  private void pass(Duration time) {
    now += time.toNanos();
    watch.beat(now, Optional.empty());
    watch.beat(now, Optional.empty());
  }

  private HealthVerdict verdict() {
    watch.beat(now, Optional.empty());
    return watch.verdict(now);
  }

  private List<LayerVerdict> layers() {
    return watch.report(now).layers();
  }

  private LayerVerdict layer(String name) {
    return layers().stream().filter(each -> each.layer().equals(name)).findFirst().orElseThrow();
  }
}
