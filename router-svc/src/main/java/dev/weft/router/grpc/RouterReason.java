package dev.weft.router.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.Reason;
import dev.weft.router.domain.cell.Denial;
import io.grpc.Status.Code;

/** Why the placer refuses; docs/errors.md says what the caller does about it. */
public enum RouterReason implements Reason {
  TASK_NOT_FOUND(Code.NOT_FOUND),
  WORKER_NOT_FOUND(Code.NOT_FOUND),
  DEAD_LETTER_NOT_FOUND(Code.NOT_FOUND),
  POLICY_NOT_FOUND(Code.NOT_FOUND),
  POLICY_CHANGED(Code.ABORTED),
  INVALID_CURSOR(Code.INVALID_ARGUMENT),
  CURSOR_TOO_OLD(Code.OUT_OF_RANGE),
  COST_RANGE_TOO_WIDE(Code.OUT_OF_RANGE),
  REPLAY_NO_RECORDS(Code.NOT_FOUND),
  REPLAY_NO_WORKERS(Code.FAILED_PRECONDITION),
  REPLAY_RANGE_TOO_WIDE(Code.OUT_OF_RANGE),
  REPLAY_BUSY(Code.RESOURCE_EXHAUSTED),
  IDEMPOTENCY_CONFLICT(Code.ALREADY_EXISTS),
  QUEUE_FULL(Code.RESOURCE_EXHAUSTED),
  OVERLOADED(Code.RESOURCE_EXHAUSTED),
  LIMIT_EXCEEDED(Code.FAILED_PRECONDITION),
  TASK_ID_SKEWED(Code.INVALID_ARGUMENT),
  LEASE_NOT_HELD(Code.PERMISSION_DENIED),
  CELL_UNAVAILABLE(Code.UNAVAILABLE),
  AGENT_NOT_FOUND(Code.NOT_FOUND),
  AGENT_OVER(Code.FAILED_PRECONDITION),
  AGENT_NOT_RUNNING(Code.FAILED_PRECONDITION),
  AGENT_QUOTA(Code.RESOURCE_EXHAUSTED),
  REQUEST_ID_REUSED(Code.ALREADY_EXISTS),
  COMMAND_ID_REUSED(Code.ALREADY_EXISTS),
  COMMANDS_FULL(Code.RESOURCE_EXHAUSTED),
  STALE_BODY(Code.FAILED_PRECONDITION),
  STALE_HOME(Code.FAILED_PRECONDITION),
  NO_GATEWAY(Code.UNAVAILABLE),
  AGENTS_BUSY(Code.UNAVAILABLE),
  SUPERSEDED(Code.FAILED_PRECONDITION),
  HELLO_MISSING(Code.FAILED_PRECONDITION);

  private final Code code;

  RouterReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }

  static Reason of(Denial.Reason reason) {
    return switch (reason) {
      case NOT_HOLDER -> CommonReason.NOT_HOLDER;
      case UNSUPPORTED_PROTOCOL -> CommonReason.UNSUPPORTED_PROTOCOL;
      case QUEUE_FULL,
          OVERLOADED,
          LIMIT_EXCEEDED,
          IDEMPOTENCY_CONFLICT,
          TASK_ID_SKEWED,
          DEAD_LETTER_NOT_FOUND,
          WORKER_NOT_FOUND,
          CELL_UNAVAILABLE,
          SUPERSEDED ->
          valueOf(reason.name());
    };
  }
}
