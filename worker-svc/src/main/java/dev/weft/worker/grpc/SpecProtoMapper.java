package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.tasks.v1.AgentExecutor;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Carried;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.InlineFile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A task's words in the worker's. What this build can't do is refused, never left out. */
final class SpecProtoMapper {

  /** The id becomes a directory's name. */
  private static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Pattern SECRET =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,254})=secret://([A-Za-z0-9_.-]{1,128})");

  private static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);
  private static final Duration DEFAULT_IDLE = Duration.ofMinutes(15);

  private SpecProtoMapper() {}

  /**
   * @throws IllegalArgumentException naming what this worker can't do
   */
  static Assignment assignment(dev.weft.proto.internal.work.v1.Assignment assignment) {
    TaskSpec spec = spec(assignment.getSpec());
    if (!TASK_ID.matcher(assignment.getKey().getTaskId()).matches()) {
      throw new IllegalArgumentException("task_id: (expected: " + TASK_ID + ")");
    }
    Duration timeout = spec.hasTimeout() ? Durations.fromProto(spec.getTimeout()) : DEFAULT_TIMEOUT;
    return new Assignment(
        WorkProtoMapper.key(assignment.getKey()),
        assignment.getTenant(),
        work(spec),
        new Resources(
            assignment.getReserved().getCpuMilli(),
            assignment.getReserved().getMemoryBytes(),
            assignment.getReserved().getDiskBytes()),
        timeout,
        assignment.getTraceparent());
  }

  private static TaskSpec spec(ByteString stored) {
    try {
      return TaskSpec.parseFrom(stored);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("spec: unreadable (expected: a TaskSpec)", e);
    }
  }

  private static Work work(TaskSpec spec) {
    return switch (spec.getExecutorCase()) {
      case NOOP -> new Work.Noop();
      case SHELL -> shell(spec, spec.getShell());
      case AGENT -> agent(spec, spec.getAgent());
      case EXECUTOR_NOT_SET ->
          throw new IllegalArgumentException("executor: unknown (expected: shell, noop or agent)");
    };
  }

  private static Work agent(TaskSpec spec, AgentExecutor agent) {
    if (!TASK_ID.matcher(agent.getAgentId()).matches()) {
      throw new IllegalArgumentException("agent_id: (expected: " + TASK_ID + ")");
    }
    Duration idle =
        agent.hasIdleTimeout() ? Durations.fromProto(agent.getIdleTimeout()) : DEFAULT_IDLE;
    return new Work.Agent(
        agent.getAgentId(),
        agent.getBody(),
        idle,
        agent.getEnvironmentMap(),
        new Confinement(level(spec), network(spec.getNetworkAccess())),
        spec.getWorkspaceArtifact(),
        spec.getRequirements().getGpus(),
        agent.getStoreFirst());
  }

  private static Work shell(TaskSpec spec, ShellExecutor shell) {
    return new Work.Shell(
        shell.getArgvList(),
        shell.getUseShell(),
        shell.getFilesList().stream()
            .map(
                file ->
                    new InlineFile(
                        file.getPath(), file.getContent().toByteArray(), file.getExecutable()))
            .toList(),
        shell.getEnvironmentMap(),
        shell.getStdin().toByteArray(),
        shell.getWorkingDirectory(),
        new Confinement(level(spec), network(spec.getNetworkAccess())),
        carried(spec),
        spec.getRequirements().getGpus());
  }

  private static Carried carried(TaskSpec spec) {
    Map<String, String> secrets = new LinkedHashMap<>();
    for (String text : spec.getSecretsList()) {
      Matcher matcher = SECRET.matcher(text);
      if (!matcher.matches() || secrets.put(matcher.group(1), matcher.group(2)) != null) {
        throw new IllegalArgumentException("secrets: (expected: NAME=secret://name, names once)");
      }
    }
    boolean keep =
        switch (spec.getWorkspaceCapture()) {
          case WORKSPACE_CAPTURE_UNSPECIFIED, WORKSPACE_CAPTURE_NONE -> false;
          case WORKSPACE_CAPTURE_CHANGES -> true;
          case UNRECOGNIZED ->
              throw new IllegalArgumentException(
                  "workspace_capture: "
                      + spec.getWorkspaceCaptureValue()
                      + " (expected: NONE or CHANGES)");
        };
    return new Carried(spec.getWorkspaceArtifact(), keep, secrets);
  }

  private static SandboxLevel level(TaskSpec spec) {
    return switch (spec.getSandboxLevel()) {
      case SANDBOX_LEVEL_NONE -> SandboxLevel.NONE;
      case SANDBOX_LEVEL_LANDLOCK -> SandboxLevel.LANDLOCK;
      case SANDBOX_LEVEL_UNSPECIFIED, SANDBOX_LEVEL_BUBBLEWRAP -> SandboxLevel.BUBBLEWRAP;
      case SANDBOX_LEVEL_MICROVM -> SandboxLevel.MICROVM;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "sandbox_level: " + spec.getSandboxLevelValue() + " (expected: a known level)");
    };
  }

  private static Work.NetworkAccess network(NetworkAccess access) {
    return switch (access) {
      case NETWORK_ACCESS_UNSPECIFIED, NETWORK_ACCESS_NONE -> Work.NetworkAccess.NONE;
      case NETWORK_ACCESS_OPEN -> Work.NetworkAccess.OPEN;
      case NETWORK_ACCESS_ALLOW, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "network_access: " + access + " (expected: NONE or OPEN)");
    };
  }
}
