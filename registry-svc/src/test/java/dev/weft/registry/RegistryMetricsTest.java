package dev.weft.registry;

import static dev.weft.registry.domain.fleet.FleetFixture.beat;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.registry.app.FakeHolding;
import dev.weft.registry.app.FleetKeeper;
import dev.weft.registry.app.Seating;
import dev.weft.registry.domain.fleet.FleetFixture;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryMetricsTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SettableTicker ticker = new SettableTicker();
  private final FleetKeeper keeper =
      new FleetKeeper(
          FleetFixture.rules(), new FakeHolding(), new SettableClock(FleetFixture.START), ticker);
  private final RegistryMetrics metrics = new RegistryMetrics(meters);

  @BeforeEach
  void hold() {
    keeper.begin(1, List.of());
  }

  @Test
  void workersAreCountedByState() {
    keeper.beat(admit(1), beat());
    admit(2);

    metrics.refresh(keeper);

    assertThat(workers("ready")).isEqualTo(1);
    assertThat(workers("offline")).isEqualTo(1);
    assertThat(workers("unhealthy")).isZero();
  }

  @Test
  void aWorkerThatIsGoneTakesItsLabelWithIt() {
    Seating seat = admit(1);
    keeper.beat(seat, beat());
    metrics.refresh(keeper);
    assertThat(named()).containsExactly("gpu-1");

    keeper.leave(seat);
    for (int i = 0; i < 12; i++) {
      ticker.advance(Duration.ofMillis(250));
      keeper.judge();
    }
    metrics.refresh(keeper);

    assertThat(named()).isEmpty();
  }

  @Test
  void labelsAreBounded() {
    for (int worker = 1; worker <= 500; worker++) {
      keeper.beat(admit(worker), beat());
    }

    metrics.refresh(keeper);

    assertThat(named()).hasSize(200);
    assertThat(workers("ready")).isEqualTo(500);
  }

  @Test
  void aStandbyShowsNobody() {
    keeper.beat(admit(1), beat());
    metrics.refresh(keeper);

    keeper.end();
    metrics.refresh(keeper);

    assertThat(named()).isEmpty();
    assertThat(workers("ready")).isZero();
  }

  private Seating admit(int worker) {
    return keeper.admit(hello(worker, 1), why -> {});
  }

  private double workers(String state) {
    return meters.get("weft.registry.workers").tag("state", state).gauge().value();
  }

  private List<String> named() {
    return meters.find("weft.registry.worker.latency").gauges().stream()
        .map(Gauge::getId)
        .map(id -> String.valueOf(id.getTag("worker")))
        .toList();
  }
}
