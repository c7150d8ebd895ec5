package dev.weft.gateway.forward;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.Reason;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.common.v1.Problem;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;

/** Problems of single items, to and from failures. */
public final class Problems {

  /** Of a session's problem: which command it is about. */
  public static final String COMMAND_ID = "commandId";

  private Problems() {}

  /** Another service's reason, which this one only passes on. */
  private record Foreign(String name, Code code) implements Reason {}

  static MeshException toException(Problem problem) {
    Code code = Status.fromCodeValue(problem.getCode()).getCode();
    Foreign reason = new Foreign(problem.getReason(), code == Code.OK ? Code.UNKNOWN : code);
    MeshException failure = new MeshException(reason, problem.getMessage());
    problem.getMetadataMap().forEach(failure::with);
    String pause = problem.getMetadataMap().get(StatusMapper.RETRY_AFTER_MS);
    if (pause != null && pause.matches("[0-9]{1,9}")) {
      failure.retryAfter(Duration.ofMillis(Long.parseLong(pause)));
    }
    return failure;
  }

  /** What the item's answer says of a failure. */
  public static Problem of(Throwable failure) {
    MeshProblem problem = StatusMapper.fromStatus(Failures.mapped(failure));
    return Problem.newBuilder()
        .setCode(problem.code().value())
        .setReason(problem.reason())
        .setMessage(problem.message())
        .putAllMetadata(problem.metadata())
        .build();
  }

  /**
   * What a session is told of something in it that failed.
   *
   * @param commandId that it is about; empty is none
   */
  public static Problem about(Throwable failure, String commandId) {
    Problem problem = of(failure);
    return commandId.isEmpty()
        ? problem
        : problem.toBuilder().putMetadata(COMMAND_ID, commandId).build();
  }
}
