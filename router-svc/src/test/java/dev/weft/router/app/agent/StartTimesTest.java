package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.agent.StartTimes.Estimate;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StartTimesTest {

  private static final WorkerId WORKER = new WorkerId(new UUID(0, 1));
  private static final Problem PROBLEM = new Problem(10, "BROKEN", "broken", Map.of());

  private final StartTimes times = new StartTimes(agent -> agent.origin().requestId());
  private Instant now = Instant.ofEpochSecond(1_000_000);
  private long next = 1;

  @Test
  void nothingIsSaidWhileTooFewStartsAreKnown() {
    started("small", 100);
    started("small", 200);

    assertThat(times.estimate(spawned("small"))).isEmpty();
  }

  @Test
  void halfTookNoLongerThanTheUsualTimeAndNineOfTenNoLongerThanTheLatest() {
    for (int millis = 100; millis <= 1_000; millis += 100) {
      started("small", millis);
    }

    assertThat(times.estimate(spawned("small")))
        .contains(new Estimate(Duration.ofMillis(500), Duration.ofMillis(900), 10));
    assertThat(times.estimate(spawned("large"))).isEmpty();
  }

  @Test
  void onlyTheLastFiftyCount() {
    for (int i = 0; i < 20; i++) {
      started("small", 60_000);
    }
    for (int i = 0; i < StartTimes.KEPT; i++) {
      started("small", 10);
    }

    assertThat(times.estimate(spawned("small")))
        .contains(new Estimate(Duration.ofMillis(10), Duration.ofMillis(10), StartTimes.KEPT));
  }

  @Test
  void aWakeIsAnotherKindThanAFirstStartAndBeginsWithTheWish() {
    for (int i = 0; i < StartTimes.LEAST; i++) {
      Agent asleep = asleep(started("small", 10));
      now = now.plusSeconds(3_600);
      Agent waking = told(AgentLife.wake(asleep, moment()));
      now = now.plusMillis(700);
      told(seen(waking, new BodyStatus.Running(WORKER)));
    }

    Agent waking = AgentLife.wake(asleep(started("small", 10)), moment());
    assertThat(times.estimate(waking).orElseThrow().usual()).isEqualTo(Duration.ofMillis(700));
    assertThat(times.estimate(spawned("small")).orElseThrow().usual())
        .isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void aWorkerThatTakesTheLeaseIsInTheMiddleOfAStart() {
    for (int i = 0; i < StartTimes.LEAST; i++) {
      Agent agent = told(spawned("small"));
      now = now.plusMillis(100);
      agent = told(seen(agent, new BodyStatus.Leased(WORKER)));
      now = now.plusMillis(100);
      told(seen(agent, new BodyStatus.Running(WORKER)));
    }

    assertThat(times.estimate(spawned("small")).orElseThrow().usual())
        .isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void whatWasHeldBackAfterADeathDoesNotCount() {
    for (int i = 0; i < StartTimes.LEAST; i++) {
      Agent agent = told(seen(started("small", 10), new BodyStatus.Broken(PROBLEM)));
      now = now.plusSeconds(60);
      told(seen(agent, new BodyStatus.Running(WORKER)));
    }

    Agent waking = AgentLife.wake(asleep(started("small", 10)), moment());
    assertThat(times.estimate(waking)).isEmpty();
  }

  @Test
  void theNextPlacerKnowsWhatTheStartsOfThoseTookThatLive() {
    List<Agent> living = new ArrayList<>();
    for (int i = 1; i <= StartTimes.LEAST; i++) {
      living.add(started("small", 100 * i));
      Agent waking = AgentLife.wake(asleep(started("large", 10)), moment());
      now = now.plusMillis(700);
      living.add(seen(waking, new BodyStatus.Running(WORKER)));
    }
    Agent waking = AgentLife.wake(asleep(started("large", 10)), moment());
    StartTimes next = new StartTimes(agent -> agent.origin().requestId());

    living.reversed().forEach(next::seen);

    assertThat(next.estimate(spawned("small")))
        .contains(new Estimate(Duration.ofMillis(200), Duration.ofMillis(300), StartTimes.LEAST));
    assertThat(next.estimate(waking))
        .contains(new Estimate(Duration.ofMillis(700), Duration.ofMillis(700), StartTimes.LEAST));
    assertThat(next.estimate(spawned("large"))).as("those whose first bodies are over").isEmpty();
  }

  @Test
  void aStartThatIsSeenAgainCountsOnce() {
    Agent agent = started("small", 100);

    for (int i = 0; i < StartTimes.LEAST; i++) {
      told(agent);
    }

    assertThat(times.estimate(spawned("small"))).isEmpty();
  }

  @Test
  void whoRunsOrSleepsHasNoEstimate() {
    for (int i = 0; i < StartTimes.LEAST; i++) {
      started("small", 10);
    }
    Agent running = started("small", 10);

    assertThat(times.estimate(running)).isEmpty();
    assertThat(times.estimate(asleep(running))).isEmpty();
  }

  private Agent started(String tier, int millis) {
    Agent agent = told(spawned(tier));
    now = now.plusMillis(millis);
    return told(seen(agent, new BodyStatus.Running(WORKER)));
  }

  private Agent asleep(Agent agent) {
    BodyStatus idle =
        new BodyStatus.Finished(
            BodyStatus.Cause.IDLE, Optional.empty(), Optional.empty(), Set.of());
    return told(seen(agent, idle));
  }

  private Agent spawned(String tier) {
    return Agent.spawned(
        new AgentId(new UUID(1, next++)),
        new Agent.Origin("acme", "ada", tier, Document.of(new byte[0]), "", Optional.empty()),
        task(),
        now);
  }

  private Agent seen(Agent agent, BodyStatus status) {
    return AgentLife.seen(agent, status, moment());
  }

  private Agent told(Agent agent) {
    times.seen(agent);
    return agent;
  }

  private Moment moment() {
    return new Moment(now, task());
  }

  private TaskId task() {
    return new MintedTasks(0, () -> now, new Random(next++)).now();
  }
}
