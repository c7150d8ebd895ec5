package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentChecks;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code GET /v1/agents/{id}/events}: an agent as it is and after every change, as server-sent
 * events whose id is its revision. Ends when the agent is over.
 */
public final class AgentEvents implements RawRoute {

  static final String PATH = "/v1/agents/:agentId/events";

  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private static final Sse<FollowAgentResponse> EVENTS =
      new Sse<>(step -> List.of(event(step.getAgent())).iterator(), "");

  private final AgentForwarder agents;
  private final Watches watches;
  private final WatchGuard guard;
  private final RestCalls calls;

  public AgentEvents(AgentForwarder agents, Watches watches, WatchGuard guard, RestCalls calls) {
    this.agents = agents;
    this.watches = watches;
    this.guard = guard;
    this.calls = calls;
  }

  private static Buffer event(Agent agent) {
    String id = Long.toString(agent.getRevision());
    return Buffer.buffer(Sse.event("agent", id, ProtoJson.print(agent)));
  }

  @Override
  public void route(Router router) {
    router.get(PATH).handler(this::open);
    Routes.otherwise(router, PATH, "GET");
  }

  private void open(RoutingContext context) {
    Routes.guarded(
        context,
        () -> {
          Call call = calls.of(context);
          Authenticator.require(call.caller(), Scope.AGENTS_READ);
          String agentId = AgentChecks.checkedId(String.valueOf(context.pathParam("agentId")));
          Context eventLoop = context.vertx().getOrCreateContext();
          // Asked first, so that an unknown agent is an answer of its own.
          Routes.then(
              context,
              eventLoop,
              agents.agent(call, agentId),
              _ ->
                  new StreamWriter<>(context, eventLoop, EVENTS, () -> WRITE_QUEUE_BYTES)
                      .run(
                          reader -> guard.admit(call, Scope.AGENTS_READ, reader),
                          sink -> watches.agent(call.tenant(), agentId, sink)));
        });
  }
}
