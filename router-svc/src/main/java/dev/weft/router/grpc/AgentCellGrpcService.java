package dev.weft.router.grpc;

import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc.AgentCellServiceImplBase;
import dev.weft.proto.internal.agent.v1.AwaitCommandRequest;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.BeatGatewayRequest;
import dev.weft.proto.internal.agent.v1.BeatGatewayResponse;
import dev.weft.proto.internal.agent.v1.FetchAgentRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentResponse;
import dev.weft.proto.internal.agent.v1.FetchAgentsRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentsResponse;
import dev.weft.proto.internal.agent.v1.FetchInterruptedRequest;
import dev.weft.proto.internal.agent.v1.FetchInterruptedResponse;
import dev.weft.proto.internal.agent.v1.FollowAgentRequest;
import dev.weft.proto.internal.agent.v1.FollowAgentResponse;
import dev.weft.proto.internal.agent.v1.ForkAgentRequest;
import dev.weft.proto.internal.agent.v1.ForkAgentResponse;
import dev.weft.proto.internal.agent.v1.LocateHomeRequest;
import dev.weft.proto.internal.agent.v1.LocateHomeResponse;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.agent.v1.OpenAgentResponse;
import dev.weft.proto.internal.agent.v1.RecordSnapshotRequest;
import dev.weft.proto.internal.agent.v1.RecordSnapshotResponse;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.proto.internal.agent.v1.SettleCommandResponse;
import dev.weft.proto.internal.agent.v1.SteerAgentRequest;
import dev.weft.proto.internal.agent.v1.SteerAgentResponse;
import dev.weft.proto.internal.agent.v1.TakeCommandsRequest;
import dev.weft.proto.internal.agent.v1.TakeCommandsResponse;
import dev.weft.router.app.agent.AgentBook;
import dev.weft.router.app.agent.Agents;
import dev.weft.router.app.agent.Agents.Named;
import dev.weft.router.app.agent.CommandEnds;
import dev.weft.router.app.agent.Homes;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.Command;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Agents as the gateways see them. */
public final class AgentCellGrpcService extends AgentCellServiceImplBase {

  private static final Pattern ADDRESS = Pattern.compile("[\\p{Graph}]{1,250}:[0-9]{1,5}");
  private static final int LONGEST_REASON = 256;

  private final Agents agents;
  private final CommandEnds ends;
  private final Homes homes;
  private final AgentStreams streams;
  private final TaskSpans spans;
  private final ToldAgents told;

  public AgentCellGrpcService(
      Agents agents,
      CommandEnds ends,
      Homes homes,
      AgentStreams streams,
      TaskSpans spans,
      ToldAgents told) {
    this.agents = agents;
    this.ends = ends;
    this.homes = homes;
    this.streams = streams;
    this.spans = spans;
    this.told = told;
  }

  @Override
  public void openAgent(OpenAgentRequest request, StreamObserver<OpenAgentResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Agent.Origin origin =
        AgentProtoMapper.origin(request, spans.admitted(request.getTraceparent()));
    Answers.send(
        agents.open(named.id(), origin),
        opened ->
            OpenAgentResponse.newBuilder()
                .setAgent(told.agent(opened.agent()))
                .setExisting(opened.existing())
                .build(),
        observer);
  }

  @Override
  public void forkAgent(ForkAgentRequest request, StreamObserver<ForkAgentResponse> observer) {
    Named source = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Named fork = AgentProtoMapper.named(request.getTenant(), request.getForkId());
    String traceparent = spans.admitted(request.getTraceparent());
    Answers.send(
        agents.fork(
            source,
            fork.id(),
            AgentProtoMapper.snapshot(request),
            found -> AgentProtoMapper.origin(request, found, traceparent)),
        opened ->
            ForkAgentResponse.newBuilder()
                .setAgent(AgentProtoMapper.agent(opened.agent()))
                .setExisting(opened.existing())
                .build(),
        observer);
  }

  @Override
  public void fetchAgent(FetchAgentRequest request, StreamObserver<FetchAgentResponse> observer) {
    Answers.send(
        agents.agent(AgentProtoMapper.named(request.getTenant(), request.getAgentId())),
        one -> FetchAgentResponse.newBuilder().setAgent(told.agent(one)).build(),
        observer);
  }

  @Override
  public void fetchAgents(
      FetchAgentsRequest request, StreamObserver<FetchAgentsResponse> observer) {
    AgentBook.Page page = AgentProtoMapper.page(request);
    Answers.send(agents.page(page), found -> listed(found, page.size()), observer);
  }

  @Override
  public void followAgent(
      FollowAgentRequest request, StreamObserver<FollowAgentResponse> observer) {
    streams.open(
        AgentProtoMapper.named(request.getTenant(), request.getAgentId()),
        (ServerCallStreamObserver<FollowAgentResponse>) observer);
  }

  @Override
  public void steerAgent(SteerAgentRequest request, StreamObserver<SteerAgentResponse> observer) {
    Answers.send(
        steered(request),
        one -> SteerAgentResponse.newBuilder().setAgent(told.agent(one)).build(),
        observer);
  }

  @Override
  public void beatGateway(
      BeatGatewayRequest request, StreamObserver<BeatGatewayResponse> observer) {
    String address = request.getAddress();
    if (!ADDRESS.matcher(address).matches()) {
      throw Denials.invalidField(
          new IllegalArgumentException(
              "address: %s (expected: host:port)"
                  .formatted(WorkerWords.text(address, WorkerWords.LONGEST_VALUE))));
    }
    Answers.send(
        homes.beat(address, AgentProtoMapper.idle(request)),
        _ -> BeatGatewayResponse.getDefaultInstance(),
        observer);
  }

  @Override
  public void locateHome(LocateHomeRequest request, StreamObserver<LocateHomeResponse> observer) {
    Answers.send(
        homes.locate(AgentProtoMapper.named(request.getTenant(), request.getAgentId())),
        one -> LocateHomeResponse.newBuilder().setHome(AgentProtoMapper.home(one)).build(),
        observer);
  }

  @Override
  public void acceptCommand(
      AcceptCommandRequest request, StreamObserver<AcceptCommandResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Command command = CommandProtoMapper.command(request);
    Answers.send(
        agents.accept(named, command, Math.max(0, request.getBody())),
        accepted ->
            AcceptCommandResponse.newBuilder()
                .setState(CommandProtoMapper.state(accepted.status().state()))
                .setBody(accepted.status().body())
                .setExisting(accepted.existing())
                .setExitCode(accepted.status().exitCode())
                .build(),
        observer);
  }

  @Override
  public void takeCommands(
      TakeCommandsRequest request, StreamObserver<TakeCommandsResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    int body = AgentProtoMapper.body(request.getBody());
    Answers.send(
        agents.take(named, body, request.getHomeEpoch()),
        taken ->
            TakeCommandsResponse.newBuilder()
                .addAllCommands(taken.commands().stream().map(CommandProtoMapper::command).toList())
                .build(),
        observer);
  }

  @Override
  public void fetchInterrupted(
      FetchInterruptedRequest request, StreamObserver<FetchInterruptedResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Answers.send(
        agents.interrupted(named, AgentProtoMapper.body(request.getBody())),
        ids -> FetchInterruptedResponse.newBuilder().addAllCommandIds(ids).build(),
        observer);
  }

  @Override
  public void awaitCommand(
      AwaitCommandRequest request, StreamObserver<AwaitCommandResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Answers.send(
        ends.await(
            named, CommandProtoMapper.awaited(request), CommandProtoMapper.patience(request)),
        CommandProtoMapper::result,
        observer);
  }

  @Override
  public void settleCommand(
      SettleCommandRequest request, StreamObserver<SettleCommandResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Answers.send(
        ends.settle(named, CommandProtoMapper.end(request)),
        _ -> SettleCommandResponse.getDefaultInstance(),
        observer);
  }

  @Override
  public void recordSnapshot(
      RecordSnapshotRequest request, StreamObserver<RecordSnapshotResponse> observer) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    Answers.send(
        agents.stored(named, AgentProtoMapper.snapshot(request)),
        _ -> RecordSnapshotResponse.getDefaultInstance(),
        observer);
  }

  private CompletionStage<Agent> steered(SteerAgentRequest request) {
    Named named = AgentProtoMapper.named(request.getTenant(), request.getAgentId());
    return switch (request.getWish()) {
      case AGENT_WISH_HIBERNATE -> agents.hibernate(named);
      case AGENT_WISH_WAKE -> agents.wake(named);
      case AGENT_WISH_TERMINATE ->
          agents.terminate(
              named, request.getPrincipal(), WorkerWords.text(request.getReason(), LONGEST_REASON));
      case AGENT_WISH_UNSPECIFIED, UNRECOGNIZED ->
          throw Denials.invalidField(
              new IllegalArgumentException(
                  "wish: %d (expected: HIBERNATE, WAKE or TERMINATE)"
                      .formatted(request.getWishValue())));
    };
  }

  /** A full page may be the last: then the next one is empty. */
  private FetchAgentsResponse listed(List<Agent> page, int size) {
    FetchAgentsResponse.Builder response = FetchAgentsResponse.newBuilder();
    page.forEach(one -> response.addAgents(told.agent(one)));
    if (page.size() == size) {
      response.setNextPageToken(PageTokens.token(WireIds.text(page.getLast().id())));
    }
    return response.build();
  }
}
