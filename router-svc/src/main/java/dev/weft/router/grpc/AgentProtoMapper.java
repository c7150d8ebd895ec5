package dev.weft.router.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.agents.v1.AgentIdle;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.BeatGatewayRequest;
import dev.weft.proto.internal.agent.v1.FetchAgentsRequest;
import dev.weft.proto.internal.agent.v1.ForkAgentRequest;
import dev.weft.proto.internal.agent.v1.Home;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.agent.v1.RecordSnapshotRequest;
import dev.weft.router.app.agent.AgentBook;
import dev.weft.router.app.agent.Agents.Named;
import dev.weft.router.app.agent.IdleAgents.Idle;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.task.Document;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Agents in the contract's words, and what is asked for them in the core's. */
final class AgentProtoMapper {

  private static final int MOST_LISTED = 1_000;
  private static final int MOST_REQUEST_ID = 128;

  /** The end of the year 9999. */
  private static final long LATEST_SECOND = 253_402_300_799L;

  private static final int NANOS = 999_999_999;

  private AgentProtoMapper() {}

  static dev.weft.proto.agents.v1.Agent agent(Agent agent) {
    dev.weft.proto.agents.v1.Agent.Builder proto =
        dev.weft.proto.agents.v1.Agent.newBuilder()
            .setAgentId(WireIds.text(agent.id()))
            .setSpec(AgentSpecMapper.spec(agent.origin().spec()))
            .setState(state(agent.state().phase()))
            .setCreatedAt(TaskProtoMapper.timestamp(agent.stamps().created()))
            .setStateSince(TaskProtoMapper.timestamp(agent.stamps().since()))
            .setBody(agent.past().bodies())
            .setRevision(agent.stamps().revision())
            .setQueuedCommands(agent.queued());
    agent.past().snapshot().map(AgentProtoMapper::snapshot).ifPresent(proto::setSnapshot);
    agent.past().problem().map(TaskProtoMapper::problem).ifPresent(proto::setProblem);
    agent.origin().forkedFrom().map(WireIds::text).ifPresent(proto::setForkedFrom);
    if (!agent.over()) {
      agent.body().map(Body::task).map(WireIds::text).ifPresent(proto::setBodyTaskId);
      agent.body().flatMap(Body::worker).map(WireIds::text).ifPresent(proto::setWorkerId);
    }
    return proto.build();
  }

  static Home home(Agent agent) {
    return Home.newBuilder()
        .setAddress(agent.home().address())
        .setEpoch(agent.home().epoch())
        .build();
  }

  static AgentIdle idle(Idle idle) {
    return AgentIdle.newBuilder()
        .setSince(TaskProtoMapper.timestamp(idle.since()))
        .setHibernatesAt(TaskProtoMapper.timestamp(idle.hibernatesAt()))
        .build();
  }

  /** What a gateway says of its agents that are idle. */
  static Map<AgentId, Idle> idle(BeatGatewayRequest request) {
    return checked(
        () ->
            request.getIdleList().stream()
                .collect(
                    Collectors.toMap(
                        it -> WireIds.agent(it.getAgentId()),
                        it ->
                            new Idle(
                                it.getBody(),
                                instant(it.getIdle().getSince()),
                                instant(it.getIdle().getHibernatesAt())),
                        (_, last) -> last)));
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(
        Math.clamp(time.getSeconds(), 0, LATEST_SECOND), Math.clamp(time.getNanos(), 0, NANOS));
  }

  static Named named(String tenant, String id) {
    return checked(() -> new Named(tenant(tenant), WireIds.agent(id)));
  }

  static Agent.Origin origin(OpenAgentRequest request, String traceparent) {
    return checked(
        () ->
            new Agent.Origin(
                tenant(request.getTenant()),
                request.getPrincipal(),
                requestId(request.getRequestId()),
                AgentSpecMapper.checked(request.getSpec()),
                traceparent,
                Optional.empty()));
  }

  /** Of a fork of that agent. */
  static Agent.Origin origin(ForkAgentRequest request, Agent source, String traceparent) {
    return checked(
        () ->
            new Agent.Origin(
                source.tenant(),
                request.getPrincipal(),
                requestId(request.getRequestId()),
                AgentSpecMapper.renamed(source.origin().spec(), request.getDisplayName()),
                traceparent,
                Optional.of(source.id())));
  }

  static Optional<Snapshot> snapshot(ForkAgentRequest request) {
    return request.hasSnapshot()
        ? Optional.of(snapshot(Snapshot.INHERITED, request.getSnapshot()))
        : Optional.empty();
  }

  private static String requestId(String id) {
    if (id.length() > MOST_REQUEST_ID) {
      throw new IllegalArgumentException(
          "request_id: %d characters (expected: at most %d)"
              .formatted(id.length(), MOST_REQUEST_ID));
    }
    return id;
  }

  static AgentBook.Page page(FetchAgentsRequest request) {
    int size = PageTokens.size(request.getPageSize(), MOST_LISTED);
    Optional<AgentId> before = PageTokens.place(request.getPageToken(), WireIds::agent);
    return checked(
        () ->
            new AgentBook.Page(
                tenant(request.getTenant()),
                request.getStatesList().stream()
                    .map(AgentProtoMapper::phase)
                    .collect(Collectors.toSet()),
                before,
                size));
  }

  static Snapshot snapshot(RecordSnapshotRequest request) {
    return snapshot(body(request.getBody()), request.getSnapshot());
  }

  private static Snapshot snapshot(int body, WorkspaceSnapshot snapshot) {
    return checked(
        () -> {
          PrefixedId.parse("art", snapshot.getArtifactId());
          return new Snapshot(
              body,
              snapshot.getArtifactId(),
              Document.of(snapshot.getManifestDigest().toByteArray()),
              takenAt(snapshot.getTakenAt()),
              Math.max(0, snapshot.getPaths()),
              snapshot.hasIncomplete()
                  ? Optional.of(WorkerWords.problem(snapshot.getIncomplete()))
                  : Optional.empty());
        });
  }

  static int body(int number) {
    if (number < 1) {
      throw Denials.invalidField(
          new IllegalArgumentException("body: %d (expected: 1 or more)".formatted(number)));
    }
    return number;
  }

  static boolean isArtifact(String text) {
    try {
      PrefixedId.parse("art", text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static AgentState state(Phase phase) {
    return AgentState.forNumber(phase.code());
  }

  private static Phase phase(AgentState state) {
    if (state == AgentState.UNRECOGNIZED || state == AgentState.AGENT_STATE_UNSPECIFIED) {
      throw new IllegalArgumentException("states: " + state + " (expected: PENDING..FAILED)");
    }
    return Phase.of(state.getNumber());
  }

  private static WorkspaceSnapshot snapshot(Snapshot snapshot) {
    WorkspaceSnapshot.Builder proto =
        WorkspaceSnapshot.newBuilder()
            .setArtifactId(snapshot.artifact())
            .setManifestDigest(ByteString.copyFrom(snapshot.manifestDigest().bytes()))
            .setTakenAt(TaskProtoMapper.timestamp(snapshot.takenAt()))
            .setPaths(snapshot.paths());
    snapshot.incomplete().map(TaskProtoMapper::problem).ifPresent(proto::setIncomplete);
    return proto.build();
  }

  private static Instant takenAt(Timestamp time) {
    if (time.getSeconds() <= 0 || time.getSeconds() > LATEST_SECOND) {
      throw new IllegalArgumentException(
          "snapshot.taken_at: %d s (expected: a time)".formatted(time.getSeconds()));
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static String tenant(String tenant) {
    if (tenant.isEmpty()) {
      throw new IllegalArgumentException("tenant: empty (expected: the caller's)");
    }
    return tenant;
  }

  static <T> T checked(Supplier<T> mapping) {
    try {
      return mapping.get();
    } catch (IllegalArgumentException e) {
      throw Denials.invalidField(e);
    }
  }
}
