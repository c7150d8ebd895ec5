package dev.weft.router.grpc;

import com.google.protobuf.Duration;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentStart;
import dev.weft.proto.agents.v1.StartPhase;
import dev.weft.router.app.agent.StartTimes;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.Body;
import java.time.Instant;

/** Agents as the gateways are told of them, with how their starts go. */
public final class ToldAgents {

  private final StartTimes starts;

  public ToldAgents(StartTimes starts) {
    this.starts = starts;
  }

  /** What decides how long a start takes: which workers may have it, and by what it is shut in. */
  public static String tier(Agent agent) {
    AgentSpec spec = AgentSpecMapper.spec(agent.origin().spec());
    return spec.getQueue() + "/" + spec.getSandboxLevelValue();
  }

  dev.weft.proto.agents.v1.Agent agent(Agent agent) {
    var told = AgentProtoMapper.agent(agent);
    return StartTimes.began(agent)
        .map(began -> told.toBuilder().setStart(start(agent, began)).build())
        .orElse(told);
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
