package dev.weft.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.ForkAgentRequest;
import dev.weft.proto.agents.v1.ForkAgentResponse;
import dev.weft.proto.agents.v1.SnapshotAgentRequest;
import dev.weft.proto.agents.v1.SnapshotAgentResponse;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.AwaitCommandResponse;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.agent.v1.StoreWorkspace;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The contract's SnapshotAgent and ForkAgent, for a caller who may. A running body stores its
 * workspace as a command whose id comes of the request's, so that asking again is no second one.
 */
public final class AgentCopies {

  private static final Duration LOOK = Duration.ofMillis(200);

  /** Tries of one request that failed; then it is refused as the last of them was. */
  private static final int MOST_TRIES = 8;

  private final AgentForwarder agents;
  private final Errands errands;
  private final IdGenerator ids;
  private final Later later;

  public AgentCopies(AgentForwarder agents, Errands errands, IdGenerator ids, Later later) {
    this.agents = agents;
    this.errands = errands;
    this.ids = ids;
    this.later = later;
  }

  /** Stores the workspace of a running agent; of another, answers what is stored. */
  public CompletionStage<SnapshotAgentResponse> snapshot(Call call, SnapshotAgentRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    String agentId = AgentChecks.checkedId(request.getAgentId());
    Wish wish = new Wish(call, agentId, request.getRequestId(), Use.SNAPSHOT);
    return agents
        .admit(call)
        .thenCompose(_ -> settled(wish))
        .thenCompose(wish::taken)
        .thenApply(taken -> SnapshotAgentResponse.newBuilder().setSnapshot(taken).build());
  }

  /** Makes an agent like another one. */
  public CompletionStage<ForkAgentResponse> fork(Call call, ForkAgentRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    TaskRules.checkText("display_name", request.getDisplayName());
    String agentId = AgentChecks.checkedId(request.getAgentId());
    Wish wish = new Wish(call, agentId, request.getRequestId(), Use.FORK);
    return agents
        .admit(call)
        .thenCompose(_ -> settled(wish))
        .thenCompose(
            agent ->
                isRunning(agent)
                    ? wish.taken(agent).thenApply(Optional::of)
                    : CompletableFuture.completedStage(Optional.<WorkspaceSnapshot>empty()))
        .thenCompose(taken -> fork(call, request, taken));
  }

  private CompletionStage<ForkAgentResponse> fork(
      Call call, ForkAgentRequest request, Optional<WorkspaceSnapshot> taken) {
    var inner =
        dev.weft.proto.internal.agent.v1.ForkAgentRequest.newBuilder()
            .setTenant(call.tenant())
            .setAgentId(request.getAgentId())
            .setForkId(PrefixedId.format(AgentChecks.PREFIX, ids.next()))
            .setPrincipal(call.caller().principal())
            .setRequestId(request.getRequestId())
            .setDisplayName(request.getDisplayName())
            .setTraceparent(call.traceparent());
    taken.ifPresent(inner::setSnapshot);
    return agents
        .ask(call, stub -> stub.forkAgent(inner.build()))
        .thenApply(
            made ->
                ForkAgentResponse.newBuilder()
                    .setAgent(made.getAgent())
                    .setExisting(made.getExisting())
                    .build());
  }

  /** The agent, once it is not about to store its workspace by itself. */
  private CompletionStage<Agent> settled(Wish wish) {
    return agents
        .agent(wish.call, wish.agentId)
        .thenCompose(
            agent -> {
              AgentChecks.requireGoingOn(agent);
              if (agent.getState() != AgentState.AGENT_STATE_HIBERNATING || wish.isLate()) {
                return CompletableFuture.completedStage(agent);
              }
              CompletableFuture<Agent> again = new CompletableFuture<>();
              later.run(
                  LOOK,
                  () ->
                      settled(wish)
                          .whenComplete(
                              (found, failure) -> {
                                if (failure == null) {
                                  again.complete(found);
                                } else {
                                  again.completeExceptionally(failure);
                                }
                              }));
              return again;
            });
  }

  private static boolean isRunning(Agent agent) {
    return agent.getState() == AgentState.AGENT_STATE_RUNNING;
  }

  /** What a workspace is stored for; the same request id stands for something else in each. */
  private enum Use {
    SNAPSHOT(""),
    FORK("fork ");

    private final String mark;

    Use(String mark) {
      this.mark = mark;
    }
  }

  /** That one agent's workspace is stored. */
  private final class Wish {

    private final Call call;
    private final String agentId;
    private final String requestId;
    private final boolean named;
    private final Use use;
    private final long until;

    /**
     * @param requestId the caller's; may be empty
     */
    Wish(Call call, String agentId, String requestId, Use use) {
      this.call = call;
      this.agentId = agentId;
      this.named = !requestId.isEmpty();
      this.requestId = named ? requestId : UUID.randomUUID().toString();
      this.use = use;
      this.until = errands.until(call);
    }

    CompletionStage<WorkspaceSnapshot> taken(Agent agent) {
      return named ? askedBefore(agent, 0) : fresh(agent, 0);
    }

    boolean isLate() {
      return errands.isLate(until);
    }

    /** A try that failed is followed by another; one that went well is the answer for good. */
    private CompletionStage<WorkspaceSnapshot> askedBefore(Agent agent, int tries) {
      return errands
          .now(call, agentId, commandId(tries))
          .thenCompose(
              known -> {
                if (known.getState() == CommandState.COMMAND_STATE_UNSPECIFIED) {
                  return fresh(agent, tries);
                }
                if (Errands.isOpen(known)) {
                  return end(tries);
                }
                return !known.getOutcome().hasSnapshot() && tries + 1 < MOST_TRIES
                    ? askedBefore(agent, tries + 1)
                    : CompletableFuture.completedStage(taken(known));
              });
    }

    private CompletionStage<WorkspaceSnapshot> fresh(Agent agent, int tries) {
      if (!isRunning(agent)) {
        return CompletableFuture.completedStage(last(agent));
      }
      AgentCommand.Builder command =
          AgentCommand.newBuilder()
              .setCommandId(commandId(tries))
              .setStoreWorkspace(StoreWorkspace.getDefaultInstance());
      return errands.carryOut(call, agentId, command, until).thenApply(this::taken);
    }

    private CompletionStage<WorkspaceSnapshot> end(int tries) {
      return errands.end(call, agentId, commandId(tries), until).thenApply(this::taken);
    }

    private WorkspaceSnapshot taken(AwaitCommandResponse command) {
      if (Errands.isOpen(command)) {
        throw new MeshException(
                GatewayReason.ERRAND_PENDING,
                "snapshot: not stored yet (expected: asked for again with the same request_id)")
            .with("request_id", requestId)
            .retryAfter(Duration.ofSeconds(1));
      }
      if (command.getOutcome().hasSnapshot()) {
        return command.getOutcome().getSnapshot();
      }
      throw Errands.failure(command);
    }

    private String commandId(int tries) {
      String wish = use.mark + tries + " " + requestId;
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(wish.getBytes(UTF_8));
        return "snapshot-" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static WorkspaceSnapshot last(Agent agent) {
    if (!agent.hasSnapshot()) {
      throw new MeshException(
              GatewayReason.AGENT_NOT_RUNNING,
              "agent: %s, with nothing stored (expected: RUNNING)".formatted(agent.getState()))
          .with("agentId", agent.getAgentId())
          .with("state", agent.getState().name());
    }
    return agent.getSnapshot();
  }
}
