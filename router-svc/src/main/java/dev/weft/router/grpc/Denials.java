package dev.weft.router.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.common.v1.Problem;
import dev.weft.router.app.CostReader;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.app.ReplayRefusal;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.replay.ReplayStopped;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;

/** The core's refusals as failures of a call, or of one item of it. */
final class Denials {

  private Denials() {}

  static MeshException exception(Denial denial) {
    MeshException exception = new MeshException(RouterReason.of(denial.reason()), denial.message());
    denial.metadata().forEach(exception::with);
    denial
        .retryAfter()
        .ifPresent(
            pause ->
                exception.with(StatusMapper.RETRY_AFTER_MS, pause.toMillis()).retryAfter(pause));
    return exception;
  }

  /** What a failed stage means to the caller. */
  static Throwable exception(Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          exception(wrapped.getCause());
      case TaskQueries.Denied denied -> exception(denied.denial());
      case CostReader.TooMuch tooMuch ->
          new MeshException(
              RouterReason.COST_RANGE_TOO_WIDE,
              "since..until: more attempts than can be summed up in time (expected: a shorter range)");
      case ReplayRefusal refusal ->
          new MeshException(
              RouterReason.valueOf(refusal.reason().name()), String.valueOf(refusal.getMessage()));
      case ReplayStopped stopped ->
          new MeshException(
              RouterReason.CELL_UNAVAILABLE,
              "the replay was given up: its caller has gone, or this replica ends");
      case PolicyBook.Changed changed ->
          new MeshException(
                  RouterReason.POLICY_CHANGED,
                  "expected_version: %d (expected: %d, which is in force)"
                      .formatted(changed.expected(), changed.current()))
              .with("version", changed.current());
      case PolicyBook.KeyReused reused ->
          new MeshException(
                  RouterReason.IDEMPOTENCY_CONFLICT,
                  "request_id: %s (expected: one that was not used for another change)"
                      .formatted(reused.requestId()))
              .with("request_id", reused.requestId());
      case AgentRefusal refusal -> refused(refusal);
      case JournalException.EpochLost moved ->
          new MeshException(RouterReason.CELL_UNAVAILABLE, "the cell moved");
      case JournalException.Unavailable away ->
          new MeshException(RouterReason.CELL_UNAVAILABLE, "the database does not answer");
      default -> failure;
    };
  }

  private static MeshException refused(AgentRefusal refusal) {
    MeshException exception =
        new MeshException(
            RouterReason.valueOf(refusal.reason().name()), String.valueOf(refusal.getMessage()));
    refusal.metadata().forEach(exception::with);
    return exception;
  }

  static StatusRuntimeException status(Throwable failure) {
    return StatusMapper.toStatus(exception(failure));
  }

  static Problem problem(Denial denial) {
    return problem(exception(denial));
  }

  static Problem problem(Throwable failure) {
    return exception(failure) instanceof MeshException known
        ? problem(known)
        : problem(
            new MeshException(RouterReason.CELL_UNAVAILABLE, "the first task could not be read"));
  }

  static Problem invalid(IllegalArgumentException cause) {
    return problem(invalidField(cause));
  }

  static MeshException invalidField(IllegalArgumentException cause) {
    return new MeshException(CommonReason.INVALID_FIELD, String.valueOf(cause.getMessage()));
  }

  private static Problem problem(MeshException known) {
    return Problem.newBuilder()
        .setCode(known.reason().code().value())
        .setReason(known.reason().name())
        .setMessage(String.valueOf(known.getMessage()))
        .putAllMetadata(known.metadata())
        .build();
  }
}
