package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.CreateSessionTicketRequest;
import dev.weft.proto.agents.v1.CreateSessionTicketResponse;
import dev.weft.proto.agents.v1.GetAgentRequest;
import dev.weft.proto.agents.v1.GetAgentResponse;
import dev.weft.proto.agents.v1.HibernateAgentRequest;
import dev.weft.proto.agents.v1.HibernateAgentResponse;
import dev.weft.proto.agents.v1.ListAgentsRequest;
import dev.weft.proto.agents.v1.ListAgentsResponse;
import dev.weft.proto.agents.v1.SpawnAgentRequest;
import dev.weft.proto.agents.v1.SpawnAgentResponse;
import dev.weft.proto.agents.v1.TerminateAgentRequest;
import dev.weft.proto.agents.v1.TerminateAgentResponse;
import dev.weft.proto.agents.v1.WakeAgentRequest;
import dev.weft.proto.agents.v1.WakeAgentResponse;
import dev.weft.proto.internal.agent.v1.AgentWish;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Agents over HTTP; bodies are the requests and responses of weft.agents.v1.AgentService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "agents")
public class AgentResource {

  private static final String STATE_PREFIX = "AGENT_STATE_";

  private final AgentForwarder agents;
  private final RestCalls calls;

  AgentResource(AgentForwarder agents, RestCalls calls) {
    this.agents = agents;
    this.calls = calls;
  }

  @POST
  @Path("agents")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.AGENTS_WRITE)
  @Operation(
      operationId = "SpawnAgent",
      summary = "Makes an agent; the answer means that it is durable, and lets one session in.")
  @Body(SpawnAgentRequest.class)
  @Answer(value = SpawnAgentResponse.class, status = 202)
  public CompletionStage<Response> spawn(
      @Context RoutingContext context, @HeaderParam("Idempotency-Key") @Nullable String key) {
    return spawn(agents, calls, context, key);
  }

  static CompletionStage<Response> spawn(
      AgentForwarder agents, RestCalls calls, RoutingContext context, @Nullable String key) {
    SpawnAgentRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SpawnAgentRequest.newBuilder());
    request.setRequestId(Query.requestId(request.getRequestId(), key));
    String base = base(context);
    return agents
        .spawn(calls.of(context), request.build())
        .thenApply(answer -> accepted(base, answer));
  }

  @GET
  @Path("agents")
  @Needs(Scope.AGENTS_READ)
  @Operation(operationId = "ListAgents", summary = "Lists the tenant's agents, newest first.")
  @Answer(ListAgentsResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken,
      @QueryParam("states") List<String> states) {
    ListAgentsRequest.Builder request =
        ListAgentsRequest.newBuilder()
            .setPageSize(Query.pageSize(pageSize))
            .setPageToken(pageToken == null ? "" : pageToken);
    states.forEach(state -> request.addStates(state(state)));
    return RestCalls.ok(agents.list(calls.of(context), request.build()));
  }

  @GET
  @Path("agents/{agentId}")
  @Needs(Scope.AGENTS_READ)
  @Operation(operationId = "GetAgent", summary = "Reads one agent.")
  @Answer(GetAgentResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    return RestCalls.ok(
        agents.get(calls.of(context), GetAgentRequest.newBuilder().setAgentId(agentId).build()));
  }

  @POST
  @Path("agents/{agentId}:hibernate")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(
      operationId = "HibernateAgent",
      summary = "Saves the workspace and lets the body go; what runs for a command is ended.")
  @Body(HibernateAgentRequest.class)
  @Answer(HibernateAgentResponse.class)
  public CompletionStage<Response> hibernate(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    named(
        ProtoJson.parse(RestCalls.body(context), HibernateAgentRequest.newBuilder()).getAgentId(),
        agentId);
    return RestCalls.ok(
        agents
            .steer(calls.of(context), agentId, AgentWish.AGENT_WISH_HIBERNATE, "")
            .thenApply(agent -> HibernateAgentResponse.newBuilder().setAgent(agent).build()));
  }

  @POST
  @Path("agents/{agentId}:wake")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "WakeAgent", summary = "Gives a hibernated agent a body.")
  @Body(WakeAgentRequest.class)
  @Answer(WakeAgentResponse.class)
  public CompletionStage<Response> wake(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    named(
        ProtoJson.parse(RestCalls.body(context), WakeAgentRequest.newBuilder()).getAgentId(),
        agentId);
    return RestCalls.ok(
        agents
            .steer(calls.of(context), agentId, AgentWish.AGENT_WISH_WAKE, "")
            .thenApply(agent -> WakeAgentResponse.newBuilder().setAgent(agent).build()));
  }

  @POST
  @Path("agents/{agentId}:terminate")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "TerminateAgent", summary = "Ends an agent for good.")
  @Body(TerminateAgentRequest.class)
  @Answer(TerminateAgentResponse.class)
  public CompletionStage<Response> terminate(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    TerminateAgentRequest request =
        ProtoJson.parse(RestCalls.body(context), TerminateAgentRequest.newBuilder()).build();
    named(request.getAgentId(), agentId);
    return end(context, agentId, request.getReason());
  }

  @DELETE
  @Path("agents/{agentId}")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(
      operationId = "DeleteAgent",
      summary = "The same as :terminate; the agent stays readable.")
  @Answer(TerminateAgentResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    return end(context, agentId, "");
  }

  @POST
  @Path("agents/{agentId}:ticket")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(
      operationId = "CreateSessionTicket",
      summary = "Makes a ticket that lets one session in, once, within 60 s.")
  @Body(CreateSessionTicketRequest.class)
  @Answer(CreateSessionTicketResponse.class)
  public CompletionStage<Response> ticket(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    CreateSessionTicketRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), CreateSessionTicketRequest.newBuilder());
    named(request.getAgentId(), agentId);
    return RestCalls.ok(agents.ticket(calls.of(context), request.setAgentId(agentId).build()));
  }

  private CompletionStage<Response> end(RoutingContext context, String agentId, String reason) {
    return RestCalls.ok(
        agents
            .steer(calls.of(context), agentId, AgentWish.AGENT_WISH_TERMINATE, reason)
            .thenApply(agent -> TerminateAgentResponse.newBuilder().setAgent(agent).build()));
  }

  private static Response accepted(String base, SpawnAgentResponse answer) {
    String path = "/v1/agents/" + answer.getAgent().getAgentId();
    SpawnAgentResponse told = answer.toBuilder().setSessionUrl(base + path + "/session").build();
    return Response.fromResponse(RestCalls.json(202, told))
        .header(HttpHeaders.LOCATION, path)
        .build();
  }

  /** Where the caller reached this door; read while the request is there. */
  private static String base(RoutingContext context) {
    String scheme = "https".equals(context.request().scheme()) ? "wss://" : "ws://";
    return scheme + context.request().authority();
  }

  /** The path and the body's field are one thing. */
  static void named(String field, String path) {
    if (!field.isEmpty() && !field.equals(path)) {
      throw InvalidRequest.of("agent_id", field, "the path's, or none");
    }
  }

  private static AgentState state(String text) {
    String name = text.startsWith(STATE_PREFIX) ? text : STATE_PREFIX + text;
    try {
      return AgentState.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("states", text, "a state of the contract");
    }
  }
}
