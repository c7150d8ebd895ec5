package dev.weft.gateway.testing;

import com.google.protobuf.Timestamp;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AwaitCommandRequest;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.BeatGatewayRequest;
import dev.weft.proto.internal.agent.v1.BeatGatewayResponse;
import dev.weft.proto.internal.agent.v1.CommandState;
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
import dev.weft.proto.internal.agent.v1.Home;
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
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The placer's side of agents: kept in memory, by the rules that its contract promises. */
public final class FakeAgents extends AgentCellServiceGrpc.AgentCellServiceImplBase {

  public final List<String> beats = new CopyOnWriteArrayList<>();
  public final List<OpenAgentRequest> opened = new CopyOnWriteArrayList<>();
  public final List<ForkAgentRequest> forked = new CopyOnWriteArrayList<>();
  public final List<SteerAgentRequest> steered = new CopyOnWriteArrayList<>();
  public final List<SettleCommandRequest> settled = new CopyOnWriteArrayList<>();
  public final List<RecordSnapshotRequest> snapshots = new CopyOnWriteArrayList<>();

  /** Whether the placer answers that it is away to whoever notes something. */
  public volatile boolean notesRefused;

  private final Map<String, Kept> agents = new LinkedHashMap<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();

  private static final class Kept {
    private final String tenant;
    private final String requestId;
    private Agent agent;
    private Home home = Home.getDefaultInstance();
    private final Map<String, Kept.Command> commands = new LinkedHashMap<>();

    Kept(String tenant, String requestId, Agent agent) {
      this.tenant = tenant;
      this.requestId = requestId;
      this.agent = agent;
    }

    /** With a problem it died; without one it ended by itself, and had begun nothing. */
    private void bodyEnded(int body) {
      for (Command command : commands.values()) {
        if (command.state == CommandState.COMMAND_STATE_GIVEN && command.body == body) {
          boolean died = agent.hasProblem() || isOver(agent);
          command.state =
              died ? CommandState.COMMAND_STATE_INTERRUPTED : CommandState.COMMAND_STATE_QUEUED;
          command.body = died ? body : 0;
        }
      }
    }

    private static final class Command {
      private final AgentCommand command;
      private CommandState state = CommandState.COMMAND_STATE_QUEUED;
      private int body;
      private int exitCode;
      private SettleCommandRequest end = SettleCommandRequest.getDefaultInstance();

      private AwaitCommandResponse standing() {
        AwaitCommandResponse.Builder response =
            AwaitCommandResponse.newBuilder().setState(state).setExitCode(exitCode);
        if (end.hasProblem()) {
          response.setProblem(end.getProblem());
        }
        if (end.hasOutcome()) {
          response.setOutcome(end.getOutcome());
        }
        return response.build();
      }

      Command(AgentCommand command) {
        this.command = command;
      }
    }
  }

  /** Who waits for a command's end. */
  private record Waiter(
      AwaitCommandRequest request, StreamObserver<AwaitCommandResponse> observer) {}

  private record Follower(String agentId, StreamObserver<FollowAgentResponse> observer) {}

  // ---- what a test does

  /** Changes an agent and tells who follows it. */
  public synchronized Agent change(String agentId, UnaryOperator<Agent.Builder> change) {
    changeUntold(agentId, change);
    tell(agentId, agents.get(agentId));
    return agents.get(agentId).agent;
  }

  /** Changes an agent; who follows it hears of the next change alone. */
  public synchronized void changeUntold(String agentId, UnaryOperator<Agent.Builder> change) {
    Kept kept = agents.get(agentId);
    int body = kept.agent.getBody();
    kept.agent =
        change
            .apply(kept.agent.toBuilder().setRevision(kept.agent.getRevision() + 1))
            .setStateSince(Timestamp.newBuilder().setSeconds(1_800_000_000L))
            .build();
    if (kept.agent.getBody() > body
        || kept.agent.getState() == AgentState.AGENT_STATE_HIBERNATED
        || isOver(kept.agent)) {
      kept.bodyEnded(body);
    }
  }

  /** Makes another gateway the home. */
  public synchronized long move(String agentId, String address) {
    Kept kept = agents.get(agentId);
    kept.home = Home.newBuilder().setAddress(address).setEpoch(kept.home.getEpoch() + 1).build();
    tell(agentId, kept);
    return kept.home.getEpoch();
  }

  public synchronized Home home(String agentId) {
    return agents.get(agentId).home;
  }

  public int following(String agentId) {
    return (int) followers.stream().filter(one -> one.agentId().equals(agentId)).count();
  }

  /** Ends what the agent's body was given, as when that body is lost. */
  public synchronized void interrupt(String agentId) {
    for (Kept.Command command : agents.get(agentId).commands.values()) {
      if (command.state == CommandState.COMMAND_STATE_GIVEN) {
        command.state = CommandState.COMMAND_STATE_INTERRUPTED;
      }
    }
    tellEnds();
  }

  private void tell(String agentId, Kept kept) {
    for (Follower follower : List.copyOf(followers)) {
      if (follower.agentId().equals(agentId)) {
        follower.observer().onNext(step(kept));
        if (isOver(kept.agent)) {
          followers.remove(follower);
          follower.observer().onCompleted();
        }
      }
    }
  }

  private static FollowAgentResponse step(Kept kept) {
    return FollowAgentResponse.newBuilder().setAgent(kept.agent).setHome(kept.home).build();
  }

  private static boolean isOver(Agent agent) {
    return agent.getState() == AgentState.AGENT_STATE_TERMINATED
        || agent.getState() == AgentState.AGENT_STATE_FAILED;
  }

  /** What an agent was given to do, in its order. */
  public synchronized List<AgentCommand> commands(String agentId) {
    return agents.get(agentId).commands.values().stream().map(it -> it.command).toList();
  }

  /** Answers who waits for what has ended. */
  private void tellEnds() {
    for (Waiter waiter : List.copyOf(waiters)) {
      AwaitCommandRequest request = waiter.request();
      Kept.Command command = agents.get(request.getAgentId()).commands.get(request.getCommandId());
      if (command != null && isEnd(command.state) && waiters.remove(waiter)) {
        answer(waiter.observer(), command.standing());
      }
    }
  }

  private static boolean isEnd(CommandState state) {
    return state == CommandState.COMMAND_STATE_ENDED
        || state == CommandState.COMMAND_STATE_INTERRUPTED;
  }

  // ---- what gateways ask

  @Override
  public synchronized void awaitCommand(
      AwaitCommandRequest request, StreamObserver<AwaitCommandResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept == null) {
      return;
    }
    Kept.Command command = kept.commands.get(request.getCommandId());
    if (command == null) {
      answer(observer, AwaitCommandResponse.getDefaultInstance());
    } else if (isEnd(command.state) || !request.hasPatience()) {
      answer(observer, command.standing());
    } else {
      waiters.add(new Waiter(request, observer));
    }
  }

  @Override
  public synchronized void forkAgent(
      ForkAgentRequest request, StreamObserver<ForkAgentResponse> observer) {
    Kept source = owned(request.getTenant(), request.getAgentId(), observer);
    if (source == null) {
      return;
    }
    forked.add(request);
    Agent agent =
        Agent.newBuilder()
            .setAgentId(request.getForkId())
            .setSpec(source.agent.getSpec().toBuilder().setDisplayName(request.getDisplayName()))
            .setState(AgentState.AGENT_STATE_PENDING)
            .setRevision(1)
            .setForkedFrom(request.getAgentId())
            .build();
    agents.put(request.getForkId(), new Kept(request.getTenant(), request.getRequestId(), agent));
    answer(observer, ForkAgentResponse.newBuilder().setAgent(agent).build());
  }

  @Override
  public synchronized void openAgent(
      OpenAgentRequest request, StreamObserver<OpenAgentResponse> observer) {
    for (Kept kept : agents.values()) {
      if (kept.tenant.equals(request.getTenant())
          && !kept.requestId.isEmpty()
          && kept.requestId.equals(request.getRequestId())) {
        answer(
            observer,
            OpenAgentResponse.newBuilder().setAgent(kept.agent).setExisting(true).build());
        return;
      }
    }
    opened.add(request);
    Agent agent =
        Agent.newBuilder()
            .setAgentId(request.getAgentId())
            .setSpec(request.getSpec())
            .setState(AgentState.AGENT_STATE_PENDING)
            .setRevision(1)
            .build();
    agents.put(request.getAgentId(), new Kept(request.getTenant(), request.getRequestId(), agent));
    answer(observer, OpenAgentResponse.newBuilder().setAgent(agent).build());
  }

  @Override
  public synchronized void fetchAgent(
      FetchAgentRequest request, StreamObserver<FetchAgentResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept != null) {
      answer(observer, FetchAgentResponse.newBuilder().setAgent(kept.agent).build());
    }
  }

  @Override
  public synchronized void fetchAgents(
      FetchAgentsRequest request, StreamObserver<FetchAgentsResponse> observer) {
    FetchAgentsResponse.Builder response = FetchAgentsResponse.newBuilder();
    agents.values().stream()
        .filter(kept -> kept.tenant.equals(request.getTenant()))
        .filter(
            kept ->
                request.getStatesCount() == 0
                    || request.getStatesList().contains(kept.agent.getState()))
        .limit(request.getPageSize() == 0 ? 100 : request.getPageSize())
        .forEach(kept -> response.addAgents(kept.agent));
    answer(observer, response.build());
  }

  @Override
  public synchronized void followAgent(
      FollowAgentRequest request, StreamObserver<FollowAgentResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept == null) {
      return;
    }
    Follower follower = new Follower(request.getAgentId(), observer);
    followers.add(follower);
    ((ServerCallStreamObserver<FollowAgentResponse>) observer)
        .setOnCancelHandler(() -> followers.remove(follower));
    observer.onNext(step(kept));
  }

  @Override
  public synchronized void steerAgent(
      SteerAgentRequest request, StreamObserver<SteerAgentResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept != null) {
      steered.add(request);
      answer(observer, SteerAgentResponse.newBuilder().setAgent(kept.agent).build());
    }
  }

  @Override
  public void beatGateway(
      BeatGatewayRequest request, StreamObserver<BeatGatewayResponse> observer) {
    beats.add(request.getAddress());
    answer(observer, BeatGatewayResponse.getDefaultInstance());
  }

  @Override
  public synchronized void locateHome(
      LocateHomeRequest request, StreamObserver<LocateHomeResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept == null) {
      return;
    }
    if (kept.home.getAddress().isEmpty()) {
      if (beats.isEmpty()) {
        observer.onError(StoreState.failure("NO_GATEWAY", Code.UNAVAILABLE, "gateway: none"));
        return;
      }
      kept.home = Home.newBuilder().setAddress(beats.getLast()).setEpoch(1).build();
      tell(request.getAgentId(), kept);
    }
    answer(observer, LocateHomeResponse.newBuilder().setHome(kept.home).build());
  }

  @Override
  public synchronized void acceptCommand(
      AcceptCommandRequest request, StreamObserver<AcceptCommandResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept == null) {
      return;
    }
    String id = request.getCommand().getCommandId();
    boolean existing = kept.commands.containsKey(id);
    Kept.Command command =
        kept.commands.computeIfAbsent(id, _ -> new Kept.Command(request.getCommand()));
    if (!existing && request.getBody() == kept.agent.getBody() && request.getBody() > 0) {
      command.state = CommandState.COMMAND_STATE_GIVEN;
      command.body = request.getBody();
    } else if (!existing) {
      change(request.getAgentId(), it -> it.setQueuedCommands(it.getQueuedCommands() + 1));
    }
    answer(
        observer,
        AcceptCommandResponse.newBuilder()
            .setState(command.state)
            .setBody(command.body)
            .setExisting(existing)
            .setExitCode(command.exitCode)
            .build());
  }

  @Override
  public synchronized void takeCommands(
      TakeCommandsRequest request, StreamObserver<TakeCommandsResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept == null) {
      return;
    }
    TakeCommandsResponse.Builder response = TakeCommandsResponse.newBuilder();
    for (Kept.Command command : kept.commands.values()) {
      if (command.state == CommandState.COMMAND_STATE_QUEUED
          || command.state == CommandState.COMMAND_STATE_GIVEN) {
        command.state = CommandState.COMMAND_STATE_GIVEN;
        command.body = request.getBody();
        response.addCommands(command.command);
      }
    }
    if (kept.agent.getQueuedCommands() > 0) {
      change(request.getAgentId(), it -> it.setQueuedCommands(0));
    }
    answer(observer, response.build());
  }

  @Override
  public synchronized void fetchInterrupted(
      FetchInterruptedRequest request, StreamObserver<FetchInterruptedResponse> observer) {
    Kept kept = owned(request.getTenant(), request.getAgentId(), observer);
    if (kept != null) {
      FetchInterruptedResponse.Builder response = FetchInterruptedResponse.newBuilder();
      kept.commands.forEach(
          (id, command) -> {
            if (command.state == CommandState.COMMAND_STATE_INTERRUPTED
                && command.body == request.getBody()) {
              response.addCommandIds(id);
            }
          });
      answer(observer, response.build());
    }
  }

  @Override
  public synchronized void settleCommand(
      SettleCommandRequest request, StreamObserver<SettleCommandResponse> observer) {
    if (refused(observer)) {
      return;
    }
    settled.add(request);
    Kept kept = agents.get(request.getAgentId());
    Kept.Command command = kept.commands.get(request.getCommandId());
    if (command != null) {
      command.state = CommandState.COMMAND_STATE_ENDED;
      command.exitCode = request.getExitCode();
      command.end = request;
    }
    tellEnds();
    answer(observer, SettleCommandResponse.getDefaultInstance());
  }

  @Override
  public void recordSnapshot(
      RecordSnapshotRequest request, StreamObserver<RecordSnapshotResponse> observer) {
    if (refused(observer)) {
      return;
    }
    snapshots.add(request);
    answer(observer, RecordSnapshotResponse.getDefaultInstance());
  }

  private boolean refused(StreamObserver<?> observer) {
    if (notesRefused) {
      observer.onError(Status.UNAVAILABLE.withDescription("away").asRuntimeException());
    }
    return notesRefused;
  }

  private @Nullable Kept owned(String tenant, String agentId, StreamObserver<?> observer) {
    Kept kept = agents.get(agentId);
    if (kept == null || !kept.tenant.equals(tenant)) {
      observer.onError(StoreState.failure("AGENT_NOT_FOUND", Code.NOT_FOUND, "agent: " + agentId));
      return null;
    }
    return kept;
  }

  private static <T> void answer(StreamObserver<T> observer, T value) {
    observer.onNext(value);
    observer.onCompleted();
  }
}
