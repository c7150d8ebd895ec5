package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.AttemptTokens;
import dev.weft.proto.internal.work.v1.Capacity;
import dev.weft.proto.internal.work.v1.LeaseRenewal;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.proto.internal.work.v1.RejectedAssignment;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.proto.tasks.v1.BodyEndCause;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.worker.app.PlacerLink.Frame;
import dev.weft.worker.app.PlacerLink.Hello;
import dev.weft.worker.app.PlacerLink.Orders;
import dev.weft.worker.app.PlacerLink.Rejected;
import dev.weft.worker.app.PlacerLink.Tokens;
import dev.weft.worker.app.PlacerLink.Welcome;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult.Changes;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.ModelTokens;
import dev.weft.worker.domain.agent.BodyEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The work stream's messages in the worker's words. */
final class WorkProtoMapper {

  static final int PROTOCOL_VERSION = 1;

  private WorkProtoMapper() {}

  static WorkerHello hello(String workerId, long incarnation, Hello hello) {
    return WorkerHello.newBuilder()
        .setProtocolVersion(PROTOCOL_VERSION)
        .setWorkerId(workerId)
        .setIncarnation(incarnation)
        .addAllRunning(keys(hello.running()))
        .addAllUnackedResults(hello.unacked().stream().map(WorkProtoMapper::result).toList())
        .setCapacity(capacity(hello.capacity(), hello.capacityNumber()))
        .setHighestEpoch(hello.highestEpoch())
        .setDraining(hello.draining())
        .build();
  }

  static WorkerFrame frame(Frame frame) {
    WorkerFrame.Builder builder =
        WorkerFrame.newBuilder()
            .addAllStarted(keys(frame.started()))
            .addAllResults(frame.results().stream().map(WorkProtoMapper::result).toList())
            .setDraining(frame.draining());
    for (Rejected each : frame.rejected()) {
      builder.addRejected(
          RejectedAssignment.newBuilder().setKey(key(each.key())).setReason(each.reason()));
    }
    for (Tokens each : frame.tokens()) {
      builder.addTokens(
          AttemptTokens.newBuilder().setKey(key(each.key())).addAllModels(tokens(each.models())));
    }
    if (frame.renewal() != null) {
      builder.setRenewal(
          LeaseRenewal.newBuilder()
              .setNumber(frame.renewal().number())
              .addAllHeld(keys(frame.renewal().held())));
    }
    return builder.build();
  }

  static Welcome welcome(PlacerWelcome welcome) {
    return new Welcome(
        welcome.getEpoch(),
        fromKeys(welcome.getAdoptList()),
        fromKeys(welcome.getKillList()),
        fromKeys(welcome.getAckedResultsList()),
        Durations.fromProto(welcome.getLeaseTtl()));
  }

  static Orders orders(PlacerFrame frame) {
    List<Assignment> assignments = new ArrayList<>();
    List<Rejected> unusable = new ArrayList<>();
    for (var each : frame.getAssignmentsList()) {
      try {
        assignments.add(SpecProtoMapper.assignment(each));
      } catch (IllegalArgumentException e) {
        unusable.add(new Rejected(key(each.getKey()), String.valueOf(e.getMessage())));
      }
    }
    Optional<Duration> drain =
        frame.hasDrain()
            ? Optional.of(Durations.fromProto(frame.getDrain().getGrace()))
            : Optional.empty();
    return new Orders(
        assignments,
        unusable,
        fromKeys(frame.getCancelsList()),
        fromKeys(frame.getAckedResultsList()),
        frame.getAckedRenewal(),
        drain);
  }

  static AttemptKey key(dev.weft.proto.internal.work.v1.AttemptKey key) {
    return new AttemptKey(key.getTaskId(), key.getAttempt(), key.getFence());
  }

  static dev.weft.proto.internal.work.v1.AttemptKey key(AttemptKey key) {
    return dev.weft.proto.internal.work.v1.AttemptKey.newBuilder()
        .setTaskId(key.taskId())
        .setAttempt(key.number())
        .setFence(key.fence())
        .build();
  }

  private static List<AttemptKey> fromKeys(List<dev.weft.proto.internal.work.v1.AttemptKey> keys) {
    return keys.stream().map(WorkProtoMapper::key).toList();
  }

  private static List<dev.weft.proto.internal.work.v1.AttemptKey> keys(List<AttemptKey> keys) {
    return keys.stream().map(WorkProtoMapper::key).toList();
  }

  private static Capacity capacity(dev.weft.worker.domain.Capacity capacity, long number) {
    return Capacity.newBuilder()
        .setNumber(number)
        .setCpuMilli(capacity.cpuMilli())
        .setMemoryBytes(capacity.memoryBytes())
        .setDiskBytes(capacity.diskBytes())
        .setGpus(capacity.gpus())
        .putAllExecutorSlots(capacity.executorSlots())
        .build();
  }

  private static List<dev.weft.proto.tasks.v1.ModelTokens> tokens(List<ModelTokens> models) {
    return models.stream()
        .map(
            each ->
                dev.weft.proto.tasks.v1.ModelTokens.newBuilder()
                    .setModel(each.model())
                    .setInputTokens(each.input())
                    .setOutputTokens(each.output())
                    .build())
        .toList();
  }

  static AttemptResult result(dev.weft.worker.domain.AttemptResult result) {
    AttemptResult.Builder builder =
        AttemptResult.newBuilder()
            .setKey(key(result.key()))
            .setOutcome(outcome(result.failure()))
            .setResult(
                taskResult(result.report()).setIgnoredUsageLines(result.tokens().ignoredLines()))
            .addAllTokens(tokens(result.tokens().models()))
            .setTraceparent(result.traceparent());
    result.failure().ifPresent(failure -> builder.setProblem(problem(failure)));
    return builder.build();
  }

  private static TaskResult.Builder taskResult(Report report) {
    CapturedOutput output = report.output();
    Changes changes = report.changes();
    TaskResult.Builder builder =
        TaskResult.newBuilder()
            .setExitCode(report.exitCode())
            .setOutput(ByteString.copyFrom(output.combined()))
            .setOutputTruncated(output.truncated())
            .setOutputBytes(output.totalBytes())
            .setStdout(ByteString.copyFrom(output.stdout()))
            .setStderr(ByteString.copyFrom(output.stderr()))
            .setOutputLogged(output.logged())
            .setChangesArtifact(changes.artifact())
            .setChangedPaths(changes.paths())
            .setPeakMemoryBytes(report.peakMemoryBytes());
    // A result that says nothing is empty, and costs the placer no row.
    if (!report.wallTime().isZero()) {
      builder.setWallTime(Durations.toProto(report.wallTime()));
    }
    if (!report.cpuTime().isZero()) {
      builder.setCpuTime(Durations.toProto(report.cpuTime()));
    }
    changes.incomplete().ifPresent(failure -> builder.setChangesProblem(problem(failure)));
    report.bodyEnd().ifPresent(end -> builder.setBodyEnd(bodyEnd(end)));
    return builder;
  }

  private static dev.weft.proto.tasks.v1.BodyEnd bodyEnd(BodyEnd end) {
    var builder = dev.weft.proto.tasks.v1.BodyEnd.newBuilder().setCause(cause(end.cause()));
    end.workspace()
        .ifPresent(
            workspace ->
                builder
                    .setWorkspaceArtifact(workspace.artifact())
                    .setManifestDigest(TreeProtoMapper.digest(workspace.manifest()))
                    .setPaths(workspace.paths()));
    end.incomplete().ifPresent(failure -> builder.setIncomplete(problem(failure)));
    return builder.addAllBegunCommandIds(end.begun()).build();
  }

  private static BodyEndCause cause(BodyEnd.Cause cause) {
    return switch (cause) {
      case IDLE -> BodyEndCause.BODY_END_CAUSE_IDLE;
      case HIBERNATED -> BodyEndCause.BODY_END_CAUSE_HIBERNATED;
      case DRAINED -> BodyEndCause.BODY_END_CAUSE_DRAINED;
    };
  }

  private static AttemptOutcome outcome(Optional<Failure> failure) {
    if (failure.isEmpty()) {
      return AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED;
    }
    return switch (failure.get().reason().kind()) {
      case FAILED -> AttemptOutcome.ATTEMPT_OUTCOME_FAILED;
      case CANCELLED -> AttemptOutcome.ATTEMPT_OUTCOME_CANCELLED;
      case PREEMPTED -> AttemptOutcome.ATTEMPT_OUTCOME_PREEMPTED;
    };
  }

  static Problem problem(Failure failure) {
    return Problem.newBuilder()
        .setCode(code(failure.reason()).getNumber())
        .setReason(failure.reason().name())
        .setMessage(failure.message())
        .putAllMetadata(failure.facts())
        .build();
  }

  static Code code(FailureReason reason) {
    return switch (reason) {
      case EXIT_NONZERO -> Code.ABORTED;
      case WALL_TIME_LIMIT -> Code.DEADLINE_EXCEEDED;
      case CPU_TIME_LIMIT,
          MEMORY_LIMIT,
          PROCESS_LIMIT,
          OUTPUT_LIMIT,
          WORKSPACE_TOO_LARGE,
          DISK_FULL,
          INPUT_FULL ->
          Code.RESOURCE_EXHAUSTED;
      case INVALID_FIELD, WORKSPACE_INVALID -> Code.INVALID_ARGUMENT;
      case COMMAND_NOT_FOUND, ARTIFACT_NOT_FOUND, SECRET_NOT_FOUND -> Code.NOT_FOUND;
      case ARTIFACTS_UNAVAILABLE, SECRETS_UNAVAILABLE, PREEMPTED, COMMAND_INTERRUPTED, BODY_MOVES ->
          Code.UNAVAILABLE;
      case BLOB_CORRUPT -> Code.DATA_LOSS;
      case CHANGES_INCOMPLETE -> Code.ABORTED;
      case SANDBOX_FAILED -> Code.INTERNAL;
      case CANCELLED_BY_USER -> Code.CANCELLED;
    };
  }
}
