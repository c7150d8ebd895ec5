package dev.weft.router.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.tasks.v1.AgentExecutor;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.task.Document;
import java.io.IOException;
import java.io.UncheckedIOException;

/** An agent's spec, and the task that each of its bodies is. */
final class AgentSpecMapper {

  private static final Duration EXPIRY = seconds(24 * 3_600);

  /** A body has no hurry to end: the longest that a task may say. */
  private static final Duration DEADLINE = seconds(24 * 24 * 3_600);

  private static final Duration STANDARD_IDLE = seconds(15 * 60);
  private static final long LEAST_IDLE_SECONDS = 10;
  private static final long MOST_IDLE_SECONDS = 24 * 3_600;

  private AgentSpecMapper() {}

  /**
   * Checks that bodies can be made of it.
   *
   * @return equal specs as equal bytes
   * @throws IllegalArgumentException naming field, value and what was expected
   * @throws dev.weft.platform.error.MeshException for a field of a later release
   */
  static Document checked(AgentSpec spec) {
    if (spec.hasIdleTimeout()) {
      long idle = spec.getIdleTimeout().getSeconds();
      if (idle < LEAST_IDLE_SECONDS || idle > MOST_IDLE_SECONDS) {
        throw new IllegalArgumentException(
            "idle_timeout: %d s (expected: %d..%d s)"
                .formatted(idle, LEAST_IDLE_SECONDS, MOST_IDLE_SECONDS));
      }
    }
    TaskSpec body = body(spec, AgentExecutor.getDefaultInstance(), spec.getWorkspaceArtifact());
    SpecRules.check(body);
    SpecProtoMapper.requirements(body);
    SpecProtoMapper.urgency(body);
    return bytes(spec);
  }

  /** The same under another name, as {@link #checked} does. */
  static Document renamed(Document spec, String name) {
    return checked(spec(spec).toBuilder().setDisplayName(name).build());
  }

  static AgentSpec spec(Document document) {
    try {
      return AgentSpec.parseFrom(document.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored agent's spec does not parse", e);
    }
  }

  /** The task that is this body; it begins with the newest workspace. */
  static TaskSpec body(Agent agent, Body body) {
    AgentSpec spec = spec(agent.origin().spec());
    AgentExecutor executor =
        AgentExecutor.newBuilder()
            .setAgentId(WireIds.text(agent.id()))
            .setBody(body.number())
            .setIdleTimeout(spec.hasIdleTimeout() ? spec.getIdleTimeout() : STANDARD_IDLE)
            .putAllEnvironment(spec.getEnvironmentMap())
            .setStoreFirst(agent.past().snapshot().filter(Snapshot::isInherited).isPresent())
            .build();
    String workspace =
        agent.past().snapshot().map(Snapshot::artifact).orElse(spec.getWorkspaceArtifact());
    long pause = AgentLife.pause(agent).toSeconds();
    TaskSpec task = body(spec, executor, workspace);
    return pause == 0 ? task : task.toBuilder().setNotBefore(seconds(pause)).build();
  }

  /** Equal messages as equal bytes, whatever the order of their maps. */
  static Document bytes(MessageLite message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Document.of(bytes);
  }

  private static TaskSpec body(AgentSpec spec, AgentExecutor executor, String workspace) {
    boolean unset = spec.getPriorityClass() == PriorityClass.PRIORITY_CLASS_UNSPECIFIED;
    boolean open = spec.getSandboxLevel() == SandboxLevel.SANDBOX_LEVEL_UNSPECIFIED;
    return TaskSpec.newBuilder()
        .setAgent(executor)
        .setRequirements(spec.getRequirements())
        .setResources(spec.getResources())
        .setPriorityClassValue(
            unset ? PriorityClass.PRIORITY_CLASS_P1_VALUE : spec.getPriorityClassValue())
        .setQueue(spec.getQueue())
        .setUserRegion(spec.getUserRegion())
        .setUser(spec.getUser())
        .setNetworkAccessValue(spec.getNetworkAccessValue())
        .setSandboxLevelValue(
            open ? SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP_VALUE : spec.getSandboxLevelValue())
        .setWorkspaceArtifact(workspace)
        .setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(0))
        .setOnLost(OnLost.ON_LOST_FAIL)
        .setExpiry(EXPIRY)
        .setDeadline(DEADLINE)
        .setDisplayName(spec.getDisplayName())
        .build();
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }
}
