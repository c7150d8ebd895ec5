package dev.weft.router.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.Spending.Stay;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpendingTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant HOUR = BEGIN.plus(Duration.ofHours(1));
  private static final Problem PROBLEM = new Problem(10, "BROKEN", "broken", Map.of());

  @Test
  void aBodyCostsItsPriceTimesItsTimeAndGrowsAsLongAsItIsThere() {
    Spending spending = spending(stay("USD", 600_000, BEGIN, null));

    assertThat(spending.by(HOUR).get("USD").micros()).isEqualTo(600_000);
    assertThat(spending.by(HOUR.plusSeconds(36)).get("USD").micros()).isEqualTo(606_000);
    assertThat(spending.perHour("USD")).isEqualTo(600_000);
    assertThat(spending.perHour("EUR")).isZero();
  }

  @Test
  void aLeaseThatWasGivenBackCostsItsTimeAndGrowsNoMore() {
    Spending spending =
        spending(stay("USD", 600_000, BEGIN, HOUR), stay("USD", 60_000, HOUR, null));

    assertThat(spending.by(HOUR.plus(Duration.ofHours(1))).get("USD").micros()).isEqualTo(660_000);
    assertThat(spending.perHour("USD")).isEqualTo(60_000);
  }

  @Test
  void currenciesAreKeptApartAndTimeWithoutAPriceIsNotForgotten() {
    Spending spending = spending(stay("USD", 1, BEGIN, HOUR), stay("", 0, BEGIN, HOUR));

    Spending after = spending.settled(HOUR);

    assertThat(after.by(HOUR).keySet()).containsExactly("", "USD");
    assertThat(after.present()).isEmpty();
  }

  @Test
  void aTimeBeforeItsBeginCostsNothing() {
    assertThat(spending(stay("USD", 600_000, HOUR, null)).by(BEGIN))
        .containsEntry("USD", Charge.NONE);
  }

  @Test
  void whatABodyCostStaysWhenTheNextTakesItsPlaceAndAfterTheAgentsEnd() {
    Agent agent = running(spending(stay("USD", 600_000, BEGIN, HOUR)));

    Agent next = AgentLife.seen(agent, new BodyStatus.Broken(PROBLEM), moment());

    assertThat(next.past().bodies()).isEqualTo(2);
    assertThat(next.past().spending().present()).isEmpty();
    assertThat(next.past().spending().by(Instant.MAX).get("USD").micros()).isEqualTo(600_000);
    Agent over = AgentLife.terminate(agent, PROBLEM, moment());
    assertThat(over.past().spending().present()).hasSize(1);
    Agent buried = AgentLife.seen(over, new BodyStatus.Cancelled(PROBLEM), moment());
    assertThat(buried.body()).isEmpty();
    assertThat(buried.past().spending()).isEqualTo(next.past().spending());
  }

  @Test
  void aChangeThatLeavesTheBodySettlesNothing() {
    Agent agent = running(spending(stay("USD", 600_000, BEGIN, null)));

    assertThat(AgentLife.hibernate(agent, moment()).past().spending())
        .isEqualTo(agent.past().spending());
  }

  private static Agent running(Spending spending) {
    Agent spawned =
        Agent.spawned(
            new AgentId(new UUID(7, 1)),
            new Agent.Origin("acme", "me", "", Document.EMPTY, "", Optional.empty()),
            new TaskId(3, 1),
            BEGIN);
    Agent running =
        AgentLife.seen(spawned, new BodyStatus.Running(new WorkerId(new UUID(5, 5))), moment());
    Agent.Past past = running.past();
    return new Agent(
        running.id(),
        running.origin(),
        running.state(),
        new Agent.Past(
            past.bodies(),
            past.youngDeaths(),
            past.snapshot(),
            past.problem(),
            past.workers(),
            spending),
        running.home(),
        running.stamps(),
        0);
  }

  private static Moment moment() {
    return new Moment(HOUR, new TaskId(3, 2));
  }

  private static Spending spending(Stay... stays) {
    return new Spending(new TreeMap<>(), List.of(stays));
  }

  private static Stay stay(String currency, long perHour, Instant since, @Nullable Instant until) {
    return new Stay(currency, perHour, since, Optional.ofNullable(until));
  }
}
