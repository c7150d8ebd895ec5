package dev.weft.worker.grpc;

import dev.weft.platform.error.MeshProblem;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;

/** What the mesh's refusals mean for the attempt that they were given to. */
final class Refused {

  private Refused() {}

  /**
   * @param otherwise what a refusal means that says nothing of the artifact
   */
  static Failure failure(MeshProblem problem, FailureReason otherwise) {
    FailureReason reason =
        switch (problem.reason()) {
          case "LEASE_NOT_HELD" -> FailureReason.PREEMPTED;
          case "SECRET_NOT_FOUND" -> FailureReason.SECRET_NOT_FOUND;
          case "ARTIFACT_TOO_LARGE" -> FailureReason.WORKSPACE_TOO_LARGE;
          default -> byCode(problem, otherwise);
        };
    return new Failure(reason, problem.message(), problem.metadata())
        .with("reason", problem.reason());
  }

  private static FailureReason byCode(MeshProblem problem, FailureReason otherwise) {
    return switch (problem.code()) {
      case NOT_FOUND -> FailureReason.ARTIFACT_NOT_FOUND;
      case DATA_LOSS -> FailureReason.BLOB_CORRUPT;
      default -> otherwise;
    };
  }
}
