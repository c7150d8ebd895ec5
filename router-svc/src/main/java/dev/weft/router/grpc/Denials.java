package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.router.domain.cell.Denial;

/** The core's refusals as failures of a call. */
final class Denials {

  private Denials() {}

  static MeshException exception(Denial denial) {
    MeshException exception =
        new MeshException(RouterReason.of(denial.reason()), denial.message());
    denial.metadata().forEach(exception::with);
    return exception;
  }

  /** As one item of a batch. */
  static dev.weft.proto.common.v1.Problem problem(Denial denial) {
    return dev.weft.proto.common.v1.Problem.newBuilder()
        .setCode(RouterReason.of(denial.reason()).code().value())
        .setReason(denial.reason().name())
        .setMessage(denial.message())
        .putAllMetadata(denial.metadata())
        .build();
  }
}
