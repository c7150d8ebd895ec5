package dev.weft.router.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.PlacerWelcome;
import dev.weft.proto.internal.work.v1.WorkerHello;
import dev.weft.router.domain.cell.Assignment;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.cell.Hello;
import dev.weft.router.domain.cell.Report;
import dev.weft.router.domain.cell.Welcome;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;

/** The work stream's messages in the core's words. */
final class WorkProtoMapper {

  static final int PROTOCOL_VERSION = 1;

  private WorkProtoMapper() {}

  /**
   * @throws IllegalArgumentException naming field, value and what was expected
   */
  static Hello hello(WorkerId worker, WorkerHello hello) {
    return new Hello(
        worker,
        hello.getIncarnation(),
        keys(hello.getRunningList()),
        hello.getUnackedResultsList().stream().map(WorkProtoMapper::report).toList(),
        capacity(hello.getCapacity()),
        hello.getHighestEpoch(),
        hello.getDraining());
  }

  static PlacerWelcome welcome(Welcome welcome) {
    return PlacerWelcome.newBuilder()
        .setProtocolVersion(PROTOCOL_VERSION)
        .setEpoch(welcome.epoch())
        .addAllAdopt(welcome.adopt().stream().map(WorkProtoMapper::key).toList())
        .addAllKill(welcome.kill().stream().map(WorkProtoMapper::key).toList())
        .addAllAckedResults(welcome.settled().stream().map(WorkProtoMapper::key).toList())
        .setLeaseTtl(duration(welcome.leaseTtl()))
        .build();
  }

  static dev.weft.proto.internal.work.v1.Assignment assignment(
      Assignment assignment, Document spec, String traceparent) {
    Resources reserved = assignment.reserved();
    return dev.weft.proto.internal.work.v1.Assignment.newBuilder()
        .setKey(key(assignment.key()))
        .setSpec(UnsafeByteOperations.unsafeWrap(spec.bytes()))
        .setTenant(assignment.tenant())
        .setTraceparent(traceparent)
        .setReserved(
            dev.weft.proto.tasks.v1.Resources.newBuilder()
                .setCpuMilli((int) reserved.cpuMilli())
                .setMemoryBytes(reserved.memoryBytes())
                .setDiskBytes(reserved.diskBytes()))
        .build();
  }

  static Report report(AttemptResult result) {
    return new Report(
        key(result.getKey()),
        outcome(result.getOutcome()),
        result.hasResult() ? WorkerWords.result(result.getResult()) : null,
        result.hasProblem() ? WorkerWords.problem(result.getProblem()) : null,
        WorkerWords.tokens(result.getTokensList()));
  }

  static Capacity capacity(dev.weft.proto.internal.work.v1.Capacity capacity) {
    return new Capacity(
        capacity.getNumber(),
        new Resources(
            Integer.toUnsignedLong(capacity.getCpuMilli()),
            capacity.getMemoryBytes(),
            capacity.getDiskBytes(),
            capacity.getGpus()),
        capacity.getExecutorSlotsMap());
  }

  static List<AttemptKey> keys(List<dev.weft.proto.internal.work.v1.AttemptKey> keys) {
    return keys.stream().map(WorkProtoMapper::key).toList();
  }

  static AttemptKey key(dev.weft.proto.internal.work.v1.AttemptKey key) {
    return new AttemptKey(WireIds.task(key.getTaskId()), key.getAttempt(), key.getFence());
  }

  static dev.weft.proto.internal.work.v1.AttemptKey key(AttemptKey key) {
    return dev.weft.proto.internal.work.v1.AttemptKey.newBuilder()
        .setTaskId(WireIds.text(key.task()))
        .setAttempt(key.attempt())
        .setFence(key.fence())
        .build();
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.toSeconds())
        .setNanos(duration.toNanosPart())
        .build();
  }

  private static Report.Outcome outcome(AttemptOutcome outcome) {
    return switch (outcome) {
      case ATTEMPT_OUTCOME_SUCCEEDED -> Report.Outcome.SUCCEEDED;
      case ATTEMPT_OUTCOME_FAILED -> Report.Outcome.FAILED;
      case ATTEMPT_OUTCOME_CANCELLED -> Report.Outcome.CANCELLED;
      case ATTEMPT_OUTCOME_PREEMPTED -> Report.Outcome.PREEMPTED;
      case ATTEMPT_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "outcome: " + outcome + " (expected: SUCCEEDED, FAILED, CANCELLED or PREEMPTED)");
    };
  }
}
