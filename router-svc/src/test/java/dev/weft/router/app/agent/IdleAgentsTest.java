package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.router.app.agent.IdleAgents.Idle;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdleAgentsTest {

  private static final String HERE = "gw-1:7110";
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Idle IDLE = new Idle(1, NOON, NOON.plusSeconds(900));
  private static final Moment MOMENT = new Moment(NOON, new TaskId(2, 2));

  private final SettableTicker ticker = new SettableTicker();
  private final IdleAgents idle = new IdleAgents(ticker);
  private final Agent agent = running();

  @Test
  void anAgentIsIdleAsItsHomeSaidLast() {
    idle.heard(HERE, Map.of(agent.id(), IDLE));
    assertThat(idle.of(agent)).contains(IDLE);

    idle.heard(HERE, Map.of());

    assertThat(idle.of(agent)).isEmpty();
  }

  @Test
  void nobodyButItsHomeIsBelieved() {
    idle.heard("gw-2:7110", Map.of(agent.id(), IDLE));

    assertThat(idle.of(agent)).isEmpty();
    assertThat(idle.of(agent.movedTo("gw-2:7110"))).contains(IDLE);
  }

  @Test
  void aHomeThatIsSilentSaysNothing() {
    idle.heard(HERE, Map.of(agent.id(), IDLE));

    ticker.advance(GatewayBeats.SILENCE.minus(Duration.ofMillis(1)));
    assertThat(idle.of(agent)).isPresent();
    ticker.advance(Duration.ofMillis(1));

    assertThat(idle.of(agent)).isEmpty();
  }

  @Test
  void whatWasSaidOfAnotherBodyOrOfOneThatEndsIsOver() {
    idle.heard(HERE, Map.of(agent.id(), new Idle(2, NOON, NOON)));
    assertThat(idle.of(agent)).isEmpty();

    idle.heard(HERE, Map.of(agent.id(), IDLE));

    assertThat(idle.of(AgentLife.hibernate(agent, MOMENT))).isEmpty();
  }

  private static Agent running() {
    Agent spawned =
        Agent.spawned(
            new AgentId(new UUID(1, 1)),
            new Agent.Origin("acme", "ada", "", Document.EMPTY, "", Optional.empty()),
            new TaskId(2, 1),
            NOON);
    WorkerId worker = new WorkerId(new UUID(0, 1));
    return AgentLife.seen(spawned, new BodyStatus.Running(worker), MOMENT).movedTo(HERE);
  }
}
