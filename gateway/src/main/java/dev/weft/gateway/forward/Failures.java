package dev.weft.gateway.forward;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.NotSupportedYet;
import dev.weft.gateway.domain.Violation;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Gives the domain's refusals the form that the platform's mapper knows. */
public final class Failures {

  private Failures() {}

  /** The failure itself, unless it is one of the domain's. */
  public static Throwable mapped(Throwable failure) {
    return switch (unwrap(failure)) {
      case InvalidRequest invalid -> status(invalid);
      case NotSupportedYet later ->
          new MeshException(
                  CommonReason.FIELD_NOT_SUPPORTED_YET, String.valueOf(later.getMessage()))
              .with("field", later.field());
      case Throwable other -> other;
    };
  }

  public static Throwable unwrap(Throwable failure) {
    Throwable current = failure;
    while ((current instanceof CompletionException || current instanceof ExecutionException)
        && current.getCause() != null) {
      current = current.getCause();
    }
    return current;
  }

  private static RuntimeException status(InvalidRequest invalid) {
    Violation first = invalid.violations().getFirst();
    BadRequest.Builder fields = BadRequest.newBuilder();
    for (Violation violation : invalid.violations()) {
      fields
          .addFieldViolationsBuilder()
          .setField(violation.field())
          .setDescription(violation.message());
    }
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setDomain(StatusMapper.DOMAIN)
            .setReason(CommonReason.INVALID_FIELD.name())
            .putMetadata("field", first.field())
            .putMetadata("value", first.value())
            .putMetadata("expected", first.expected())
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(CommonReason.INVALID_FIELD.code().value())
            .setMessage(first.message())
            .addDetails(Any.pack(info))
            .addDetails(Any.pack(fields.build()))
            .build());
  }
}
