package dev.weft.router.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which agents are idle, as their homes said last. Nothing of it is stored: every gateway says all
 * of it each second. Safe for threads.
 */
public final class IdleAgents {

  /** More gateways than a mesh has. */
  private static final int MOST = 1_000;

  private final Ticker ticker;
  private final Map<String, Told> byHome = new HashMap<>();

  /**
   * An agent that nobody uses.
   *
   * @param body that lives
   * @param since when something last counted as activity
   * @param hibernatesAt unless something does
   */
  public record Idle(int body, Instant since, Instant hibernatesAt) {}

  private record Told(Map<AgentId, Idle> idle, long atNanos) {}

  public IdleAgents(Ticker ticker) {
    this.ticker = ticker;
  }

  /** A gateway has said which of its agents are idle: all others are not. */
  public synchronized void heard(String gateway, Map<AgentId, Idle> idle) {
    if (byHome.size() >= MOST) {
      byHome.values().removeIf(told -> !isFresh(told));
    }
    if (byHome.size() < MOST || byHome.containsKey(gateway)) {
      byHome.put(gateway, new Told(Map.copyOf(idle), ticker.nanos()));
    }
  }

  /** Empty of an agent that is used, does not run, or of which its home has said nothing lately. */
  public synchronized Optional<Idle> of(Agent agent) {
    return Optional.ofNullable(byHome.get(agent.home().address()))
        .filter(this::isFresh)
        .filter(_ -> agent.state().phase() == Phase.RUNNING)
        .flatMap(told -> Optional.ofNullable(told.idle().get(agent.id())))
        .filter(idle -> idle.body() == agent.livingBody());
  }

  private boolean isFresh(Told told) {
    return ticker.nanos() - told.atNanos() < GatewayBeats.SILENCE.toNanos();
  }
}
