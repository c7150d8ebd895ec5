package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.weft.proto.agents.v1.AgentCost;
import dev.weft.proto.agents.v1.AgentCostAmount;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CostNowTest {

  private static final Instant TOLD = Instant.parse("2026-01-01T00:00:00Z");
  private static final AgentCost COST =
      AgentCost.newBuilder()
          .setAsOf(Timestamps.fromMillis(TOLD.toEpochMilli()))
          .setIncomplete(true)
          .addAmounts(amount("EUR", 500, 0))
          .addAmounts(amount("USD", 1_000, 600_000))
          .build();

  @Test
  void whatLivesGrowsAndWhatIsOverDoesNot() {
    AgentCost now = CostNow.of(COST, TOLD.plus(Duration.ofMinutes(6)));

    assertThat(now.getAmountsList())
        .containsExactly(amount("EUR", 500, 0), amount("USD", 61_000, 600_000));
    assertThat(now.getIncomplete()).isTrue();
    assertThat(Timestamps.toMillis(now.getAsOf()))
        .isEqualTo(TOLD.plus(Duration.ofMinutes(6)).toEpochMilli());
  }

  @Test
  void itIsTheSameWhetherItIsAskedOnceOrManyTimes() {
    AgentCost half = CostNow.of(COST, TOLD.plus(Duration.ofMinutes(3)));

    assertThat(CostNow.of(half, TOLD.plus(Duration.ofMinutes(6))))
        .isEqualTo(CostNow.of(COST, TOLD.plus(Duration.ofMinutes(6))));
  }

  @Test
  void aClockThatIsBehindTakesNothingBack() {
    assertThat(CostNow.of(COST, TOLD.minusSeconds(9))).isEqualTo(COST);
  }

  private static AgentCostAmount amount(String currency, long micros, long perHour) {
    return AgentCostAmount.newBuilder()
        .setCurrencyCode(currency)
        .setMicros(micros)
        .setMicrosPerHour(perHour)
        .build();
  }
}
