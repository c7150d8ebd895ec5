package dev.weft.platform.error;

import io.grpc.Status.Code;

/**
 * Reasons that belong to no single service. The first group names each gRPC code, for answers that
 * say no more.
 */
public enum CommonReason implements Reason {
  CANCELLED(Code.CANCELLED),
  UNKNOWN(Code.UNKNOWN),
  INVALID_ARGUMENT(Code.INVALID_ARGUMENT),
  DEADLINE_EXCEEDED(Code.DEADLINE_EXCEEDED),
  NOT_FOUND(Code.NOT_FOUND),
  ALREADY_EXISTS(Code.ALREADY_EXISTS),
  PERMISSION_DENIED(Code.PERMISSION_DENIED),
  RESOURCE_EXHAUSTED(Code.RESOURCE_EXHAUSTED),
  FAILED_PRECONDITION(Code.FAILED_PRECONDITION),
  ABORTED(Code.ABORTED),
  OUT_OF_RANGE(Code.OUT_OF_RANGE),
  UNIMPLEMENTED(Code.UNIMPLEMENTED),
  INTERNAL(Code.INTERNAL),
  UNAVAILABLE(Code.UNAVAILABLE),
  DATA_LOSS(Code.DATA_LOSS),
  UNAUTHENTICATED(Code.UNAUTHENTICATED),

  /** A field's value is not allowed; metadata: field, value, expected. */
  INVALID_FIELD(Code.INVALID_ARGUMENT),
  /** A field of a later release is set; metadata: field. */
  FIELD_NOT_SUPPORTED_YET(Code.UNIMPLEMENTED),
  /** A page token that this method did not give out, or that belongs to another filter. */
  INVALID_PAGE_TOKEN(Code.INVALID_ARGUMENT),
  /** The replica does not hold the cell; metadata: address of the holder where it is known. */
  NOT_HOLDER(Code.FAILED_PRECONDITION),
  /** The peer speaks a protocol version that this build does not; metadata: version, supported. */
  UNSUPPORTED_PROTOCOL(Code.FAILED_PRECONDITION);

  private final Code code;

  CommonReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }

  /** The reason that says no more than the code does. */
  static CommonReason of(Code code) {
    return code == Code.OK ? UNKNOWN : valueOf(code.name());
  }
}
