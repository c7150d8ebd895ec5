package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Timestamp;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SubmitGate;
import dev.weft.gateway.app.TicketDesk;
import dev.weft.gateway.domain.AgentRules;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.CreateSessionTicketRequest;
import dev.weft.proto.agents.v1.CreateSessionTicketResponse;
import dev.weft.proto.agents.v1.GetAgentRequest;
import dev.weft.proto.agents.v1.GetAgentResponse;
import dev.weft.proto.agents.v1.ListAgentsRequest;
import dev.weft.proto.agents.v1.ListAgentsResponse;
import dev.weft.proto.agents.v1.SessionTicket;
import dev.weft.proto.agents.v1.SpawnAgentRequest;
import dev.weft.proto.agents.v1.SpawnAgentResponse;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc.AgentCellServiceFutureStub;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.FetchAgentRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentsRequest;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.agent.v1.SteerAgentRequest;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.time.Instant;
import java.util.HashMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The contract's AgentService, less its stream, for a caller who may: checks the request and asks
 * the placer.
 */
public final class AgentForwarder {

  private final Holder cell;
  private final SubmitGate gate;
  private final SubmitCheck inputs;
  private final TicketDesk tickets;
  private final IdGenerator ids;

  public AgentForwarder(
      Holder cell, SubmitGate gate, SubmitCheck inputs, TicketDesk tickets, IdGenerator ids) {
    this.cell = cell;
    this.gate = gate;
    this.inputs = inputs;
    this.tickets = tickets;
    this.ids = ids;
  }

  /** The answer names no URL: that is the HTTP door's to know. */
  public CompletionStage<SpawnAgentResponse> spawn(Call call, SpawnAgentRequest request) {
    AgentRules.check(AgentDraftMapper.of(request));
    TaskRules.checkText("request_id", request.getRequestId());
    AgentSpec spec = AgentDraftMapper.complete(request.getSpec());
    OpenAgentRequest inner =
        OpenAgentRequest.newBuilder()
            .setAgentId(PrefixedId.format(AgentChecks.PREFIX, ids.next()))
            .setTenant(call.tenant())
            .setPrincipal(call.caller().principal())
            .setRequestId(request.getRequestId())
            .setSpec(spec)
            .setTraceparent(call.traceparent())
            .build();
    TaskSpec named =
        TaskSpec.newBuilder().setWorkspaceArtifact(spec.getWorkspaceArtifact()).build();
    return admit(call)
        .thenCompose(_ -> inputs.check(call, named, new HashMap<>()))
        .thenCompose(_ -> ask(call, stub -> stub.openAgent(inner)))
        .thenCompose(
            opened ->
                ticket(call, opened.getAgent().getAgentId(), false)
                    .thenApply(
                        ticket ->
                            SpawnAgentResponse.newBuilder()
                                .setAgent(opened.getAgent())
                                .setExisting(opened.getExisting())
                                .setTicket(ticket)
                                .build()));
  }

  public CompletionStage<GetAgentResponse> get(Call call, GetAgentRequest request) {
    UnknownFields.refuse(request);
    return agent(call, request.getAgentId())
        .thenApply(agent -> GetAgentResponse.newBuilder().setAgent(agent).build());
  }

  /** One agent of the caller's tenant. */
  public CompletionStage<Agent> agent(Call call, String agentId) {
    FetchAgentRequest inner =
        FetchAgentRequest.newBuilder()
            .setTenant(call.tenant())
            .setAgentId(AgentChecks.checkedId(agentId))
            .build();
    return ask(call, stub -> stub.fetchAgent(inner)).thenApply(answer -> answer.getAgent());
  }

  public CompletionStage<ListAgentsResponse> list(Call call, ListAgentsRequest request) {
    UnknownFields.refuse(request);
    TaskForwarder.checkPageSize(request.getPageSize());
    for (AgentState state : request.getStatesList()) {
      if (state == AgentState.UNRECOGNIZED || state == AgentState.AGENT_STATE_UNSPECIFIED) {
        throw InvalidRequest.of("states", state, "states of the contract");
      }
    }
    FetchAgentsRequest inner =
        FetchAgentsRequest.newBuilder()
            .setTenant(call.tenant())
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .addAllStates(request.getStatesList())
            .build();
    return ask(call, stub -> stub.fetchAgents(inner))
        .thenApply(
            answer ->
                ListAgentsResponse.newBuilder()
                    .addAllAgents(answer.getAgentsList())
                    .setNextPageToken(answer.getNextPageToken())
                    .build());
  }

  /**
   * Wishes something of an agent.
   *
   * @param reason for people; empty is none
   */
  public CompletionStage<Agent> steer(Call call, String agentId, AgentWish wish, String reason) {
    AgentRules.checkReason(reason);
    SteerAgentRequest inner =
        SteerAgentRequest.newBuilder()
            .setTenant(call.tenant())
            .setAgentId(AgentChecks.checkedId(agentId))
            .setWish(wish)
            .setPrincipal(call.caller().principal())
            .setReason(reason)
            .build();
    return ask(call, stub -> stub.steerAgent(inner)).thenApply(answer -> answer.getAgent());
  }

  public CompletionStage<CreateSessionTicketResponse> ticket(
      Call call, CreateSessionTicketRequest request) {
    UnknownFields.refuse(request);
    String agentId = AgentChecks.checkedId(request.getAgentId());
    return admit(call)
        .thenCompose(_ -> agent(call, agentId))
        .thenApply(AgentChecks::requireGoingOn)
        .thenCompose(_ -> ticket(call, agentId, request.getViewer()))
        .thenApply(ticket -> CreateSessionTicketResponse.newBuilder().setTicket(ticket).build());
  }

  /** Takes a token of the tenant's rate, as a task does. */
  CompletionStage<Void> admit(Call call) {
    return gate.admit(call.tenant(), 1)
        .thenAccept(
            admission -> {
              if (admission.granted() == 0) {
                throw admission.refusal(0);
              }
            });
  }

  private CompletionStage<SessionTicket> ticket(Call call, String agentId, boolean viewer) {
    return tickets
        .issue(call.caller(), agentId, viewer)
        .thenApply(
            issued ->
                SessionTicket.newBuilder()
                    .setTicket(issued.text())
                    .setExpiresAt(time(issued.expireTime()))
                    .build());
  }

  private static Timestamp time(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  <T> CompletionStage<T> ask(
      Call call, Function<AgentCellServiceFutureStub, ListenableFuture<T>> question) {
    return Upstream.visible(
        cell.call(
            channel -> question.apply(AgentCellServiceGrpc.newFutureStub(channel)),
            call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
