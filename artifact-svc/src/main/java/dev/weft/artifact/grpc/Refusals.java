package dev.weft.artifact.grpc;

import dev.weft.artifact.domain.InvalidValue;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import io.grpc.StatusRuntimeException;

/** The domain's refusals as answers. */
final class Refusals {

  private Refusals() {}

  static RuntimeException explained(RuntimeException failure) {
    return failure instanceof InvalidValue value
        ? MeshException.invalidField(value.field(), value.value(), value.expected())
        : failure;
  }

  static StatusRuntimeException status(RuntimeException failure) {
    return StatusMapper.toStatus(explained(failure));
  }

  static MeshException invalid(String field, Object value, String expected) {
    return MeshException.invalidField(field, value, expected);
  }

  static MeshException denied(String role, String field) {
    return new MeshException(
            CommonReason.PERMISSION_DENIED, field + ": role " + role + " (expected: another)")
        .with("role", role)
        .with("field", field);
  }
}
