package dev.weft.gateway.grpc;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentCopies;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.gateway.forward.AgentMemories;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.proto.agents.v1.AgentServiceGrpc;
import dev.weft.proto.agents.v1.CreateSessionTicketRequest;
import dev.weft.proto.agents.v1.CreateSessionTicketResponse;
import dev.weft.proto.agents.v1.DeleteAgentMemoryRequest;
import dev.weft.proto.agents.v1.DeleteAgentMemoryResponse;
import dev.weft.proto.agents.v1.ForkAgentRequest;
import dev.weft.proto.agents.v1.ForkAgentResponse;
import dev.weft.proto.agents.v1.GetAgentMemoryRequest;
import dev.weft.proto.agents.v1.GetAgentMemoryResponse;
import dev.weft.proto.agents.v1.GetAgentRequest;
import dev.weft.proto.agents.v1.GetAgentResponse;
import dev.weft.proto.agents.v1.HibernateAgentRequest;
import dev.weft.proto.agents.v1.HibernateAgentResponse;
import dev.weft.proto.agents.v1.ListAgentMemoryRequest;
import dev.weft.proto.agents.v1.ListAgentMemoryResponse;
import dev.weft.proto.agents.v1.ListAgentsRequest;
import dev.weft.proto.agents.v1.ListAgentsResponse;
import dev.weft.proto.agents.v1.SetAgentMemoryRequest;
import dev.weft.proto.agents.v1.SetAgentMemoryResponse;
import dev.weft.proto.agents.v1.SnapshotAgentRequest;
import dev.weft.proto.agents.v1.SnapshotAgentResponse;
import dev.weft.proto.agents.v1.SpawnAgentRequest;
import dev.weft.proto.agents.v1.SpawnAgentResponse;
import dev.weft.proto.agents.v1.TerminateAgentRequest;
import dev.weft.proto.agents.v1.TerminateAgentResponse;
import dev.weft.proto.agents.v1.WakeAgentRequest;
import dev.weft.proto.agents.v1.WakeAgentResponse;
import dev.weft.proto.agents.v1.WatchAgentRequest;
import dev.weft.proto.agents.v1.WatchAgentResponse;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import java.util.Optional;

/** weft.agents.v1.AgentService. */
@GrpcService
public class PublicAgentService implements BindableService, AgentServiceGrpc.AsyncService {

  private final AgentForwarder agents;
  private final AgentCopies copies;
  private final AgentMemories memories;
  private final Watches watches;
  private final WatchGuard guard;

  public PublicAgentService(
      AgentForwarder agents,
      AgentCopies copies,
      AgentMemories memories,
      Watches watches,
      WatchGuard guard) {
    this.agents = agents;
    this.copies = copies;
    this.memories = memories;
    this.watches = watches;
    this.guard = guard;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(AgentServiceGrpc.bindService(this));
  }

  @Override
  public void spawnAgent(SpawnAgentRequest request, StreamObserver<SpawnAgentResponse> observer) {
    GrpcCalls.answer(observer, () -> agents.spawn(GrpcCalls.current(), request));
  }

  @Override
  public void getAgent(GetAgentRequest request, StreamObserver<GetAgentResponse> observer) {
    GrpcCalls.answer(observer, () -> agents.get(GrpcCalls.current(), request));
  }

  @Override
  public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> observer) {
    GrpcCalls.answer(observer, () -> agents.list(GrpcCalls.current(), request));
  }

  @Override
  public void watchAgent(WatchAgentRequest request, StreamObserver<WatchAgentResponse> observer) {
    Call call = GrpcCalls.current();
    new ServerStreamSink<FollowAgentResponse, WatchAgentResponse>(
            observer,
            step -> List.of(WatchAgentResponse.newBuilder().setAgent(step.getAgent()).build()),
            Optional.empty())
        .run(
            reader -> guard.admit(call, Scope.AGENTS_READ, reader),
            sink -> watches.agent(call.tenant(), request.getAgentId(), sink));
  }

  @Override
  public void hibernateAgent(
      HibernateAgentRequest request, StreamObserver<HibernateAgentResponse> observer) {
    GrpcCalls.answer(
        observer,
        () ->
            agents
                .steer(
                    GrpcCalls.current(), request.getAgentId(), AgentWish.AGENT_WISH_HIBERNATE, "")
                .thenApply(agent -> HibernateAgentResponse.newBuilder().setAgent(agent).build()));
  }

  @Override
  public void wakeAgent(WakeAgentRequest request, StreamObserver<WakeAgentResponse> observer) {
    GrpcCalls.answer(
        observer,
        () ->
            agents
                .steer(GrpcCalls.current(), request.getAgentId(), AgentWish.AGENT_WISH_WAKE, "")
                .thenApply(agent -> WakeAgentResponse.newBuilder().setAgent(agent).build()));
  }

  @Override
  public void terminateAgent(
      TerminateAgentRequest request, StreamObserver<TerminateAgentResponse> observer) {
    GrpcCalls.answer(
        observer,
        () ->
            agents
                .steer(
                    GrpcCalls.current(),
                    request.getAgentId(),
                    AgentWish.AGENT_WISH_TERMINATE,
                    request.getReason())
                .thenApply(agent -> TerminateAgentResponse.newBuilder().setAgent(agent).build()));
  }

  @Override
  public void snapshotAgent(
      SnapshotAgentRequest request, StreamObserver<SnapshotAgentResponse> observer) {
    GrpcCalls.answer(observer, () -> copies.snapshot(GrpcCalls.current(), request));
  }

  @Override
  public void forkAgent(ForkAgentRequest request, StreamObserver<ForkAgentResponse> observer) {
    GrpcCalls.answer(observer, () -> copies.fork(GrpcCalls.current(), request));
  }

  @Override
  public void listAgentMemory(
      ListAgentMemoryRequest request, StreamObserver<ListAgentMemoryResponse> observer) {
    GrpcCalls.answer(observer, () -> memories.list(GrpcCalls.current(), request));
  }

  @Override
  public void getAgentMemory(
      GetAgentMemoryRequest request, StreamObserver<GetAgentMemoryResponse> observer) {
    GrpcCalls.answer(observer, () -> memories.get(GrpcCalls.current(), request));
  }

  @Override
  public void setAgentMemory(
      SetAgentMemoryRequest request, StreamObserver<SetAgentMemoryResponse> observer) {
    GrpcCalls.answer(observer, () -> memories.set(GrpcCalls.current(), request));
  }

  @Override
  public void deleteAgentMemory(
      DeleteAgentMemoryRequest request, StreamObserver<DeleteAgentMemoryResponse> observer) {
    GrpcCalls.answer(observer, () -> memories.delete(GrpcCalls.current(), request));
  }

  @Override
  public void createSessionTicket(
      CreateSessionTicketRequest request, StreamObserver<CreateSessionTicketResponse> observer) {
    GrpcCalls.answer(observer, () -> agents.ticket(GrpcCalls.current(), request));
  }
}
