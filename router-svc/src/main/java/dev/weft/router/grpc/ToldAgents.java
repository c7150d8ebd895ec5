package dev.weft.router.grpc;

import com.google.protobuf.Duration;
import dev.weft.proto.agents.v1.AgentCost;
import dev.weft.proto.agents.v1.AgentCostAmount;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentStart;
import dev.weft.proto.agents.v1.StartPhase;
import dev.weft.router.app.agent.IdleAgents;
import dev.weft.router.app.agent.StartTimes;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.Spending;
import dev.weft.router.domain.cost.Charge;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Agents as the gateways are told of them, with how their starts go, since when they are idle and
 * what they cost by now.
 */
public final class ToldAgents {

  private final StartTimes starts;
  private final IdleAgents idle;
  private final InstantSource clock;

  public ToldAgents(StartTimes starts, IdleAgents idle, InstantSource clock) {
    this.starts = starts;
    this.idle = idle;
    this.clock = clock;
  }

  /** What decides how long a start takes: which workers may have it, and by what it is shut in. */
  public static String tier(Agent agent) {
    AgentSpec spec = AgentSpecMapper.spec(agent.origin().spec());
    return spec.getQueue() + "/" + spec.getSandboxLevelValue();
  }

  dev.weft.proto.agents.v1.Agent agent(Agent agent) {
    var told = AgentProtoMapper.agent(agent).toBuilder();
    cost(agent.past().spending(), clock.instant()).ifPresent(told::setCost);
    StartTimes.began(agent).ifPresent(began -> told.setStart(start(agent, began)));
    idle.of(agent).map(AgentProtoMapper::idle).ifPresent(told::setIdle);
    return told.build();
  }

  /** Empty as long as no body was on a worker. */
  private static Optional<AgentCost> cost(Spending spending, Instant now) {
    SortedMap<String, Charge> charges = spending.by(now);
    if (charges.isEmpty()) {
      return Optional.empty();
    }
    AgentCost.Builder cost = AgentCost.newBuilder().setAsOf(TaskProtoMapper.timestamp(now));
    charges.forEach(
        (currency, charge) -> {
          if (currency.isEmpty()) {
            cost.setIncomplete(true);
          } else {
            cost.addAmounts(
                AgentCostAmount.newBuilder()
                    .setCurrencyCode(currency)
                    .setMicros(charge.micros())
                    .setMicrosPerHour(spending.perHour(currency)));
          }
        });
    return Optional.of(cost.build());
  }

  private AgentStart start(Agent agent, Instant began) {
    boolean leased = agent.body().flatMap(Body::worker).isPresent();
    AgentStart.Builder start =
        AgentStart.newBuilder()
            .setPhase(leased ? StartPhase.START_PHASE_PREPARING : StartPhase.START_PHASE_WAITING)
            .setBeganAt(TaskProtoMapper.timestamp(began));
    starts
        .estimate(agent)
        .ifPresent(
            estimate ->
                start
                    .setUsual(duration(estimate.usual()))
                    .setLatest(duration(estimate.latest()))
                    .setStarts(estimate.starts()));
    return start.build();
  }

  private static Duration duration(java.time.Duration time) {
    return Duration.newBuilder().setSeconds(time.toSeconds()).setNanos(time.toNanosPart()).build();
  }
}
