package dev.weft.router.grpc;

import dev.weft.platform.grpc.StreamOutbox;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.router.app.Followers;
import dev.weft.router.app.agent.AgentFollowers;
import dev.weft.router.app.agent.Agents;
import dev.weft.router.app.agent.Agents.Named;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.cell.Denial;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** Streams of what one agent is: a slow reader is told only the newest. */
public final class AgentStreams {

  private static final StreamOutbox.Limits LIMITS = new StreamOutbox.Limits(1, 1 << 20, 1 << 20);

  /** Before the first revision. */
  private static final long NEVER = 0;

  private final AgentFollowers followers;
  private final Agents agents;
  private final ScheduledExecutorService timer;
  private final ToldAgents told;

  public AgentStreams(
      AgentFollowers followers, Agents agents, ScheduledExecutorService timer, ToldAgents told) {
    this.followers = followers;
    this.agents = agents;
    this.timer = timer;
    this.told = told;
  }

  void open(Named named, ServerCallStreamObserver<FollowAgentResponse> observer) {
    StreamOutbox<FollowAgentResponse> outbox =
        new StreamOutbox<>(observer, LIMITS, AgentStreams::newest);
    Followers.Following<Agent, Long> following =
        followers.register(named.tenant(), named.id(), new Sink(outbox, told));
    FollowerLife.begin(
        observer, outbox, following, timer, FollowAgentResponse.getDefaultInstance());
    agents
        .agent(named)
        .whenComplete(
            (agent, failure) -> {
              if (failure == null) {
                following.caughtUp(NEVER, List.of(agent), false);
              } else {
                following.close();
                outbox.fail(Denials.exception(failure));
              }
            });
  }

  /** A heartbeat is worth nothing beside an agent. */
  private static List<FollowAgentResponse> newest(List<FollowAgentResponse> waiting) {
    return waiting.reversed().stream()
        .filter(FollowAgentResponse::hasAgent)
        .findFirst()
        .map(List::of)
        .orElseGet(() -> List.of(waiting.getLast()));
  }

  private record Sink(StreamOutbox<FollowAgentResponse> outbox, ToldAgents told)
      implements Followers.Sink<Agent> {

    @Override
    public void step(Agent agent) {
      outbox.offer(
          FollowAgentResponse.newBuilder()
              .setAgent(told.agent(agent))
              .setHome(AgentProtoMapper.home(agent))
              .build());
    }

    @Override
    public void completed() {
      outbox.complete();
    }

    @Override
    public void denied(Denial reason) {
      outbox.fail(Denials.exception(reason));
    }
  }
}
