package dev.weft.cli.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;

/** What a failed call says, in the same terms as a problem of the REST door. */
final class RpcErrors {
  private RpcErrors() {}

  static ApiException of(StatusException failure) {
    Status status = failure.getStatus();
    Optional<com.google.rpc.Status> details =
        Optional.ofNullable(StatusProto.fromThrowable(failure));
    Optional<Duration> pause =
        details
            .flatMap(all -> find(all, RetryInfo.class))
            .map(RetryInfo::getRetryDelay)
            .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
    String reason =
        details
            .flatMap(all -> find(all, ErrorInfo.class))
            .map(ErrorInfo::getReason)
            .orElse(status.getCode().name());
    String message = status.getDescription() == null ? reason : status.getDescription();
    return new ApiException(
        http(status, pause.isPresent()), reason, message, pause.orElse(Duration.ZERO));
  }

  /** The connection went, not the request: the same may be asked elsewhere. */
  static boolean isBroken(StatusException failure) {
    Status status = failure.getStatus();
    boolean reset =
        status.getCode() == Status.Code.INTERNAL
            && String.valueOf(status.getDescription()).contains("RST_STREAM");
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.DEADLINE_EXCEEDED
        || reset;
  }

  private static int http(Status status, boolean again) {
    return switch (status.getCode()) {
      case OK -> 200;
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> 409;
      case RESOURCE_EXHAUSTED -> again ? 429 : 413;
      case OUT_OF_RANGE -> 416;
      case CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS -> 500;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  private static <T extends com.google.protobuf.Message> Optional<T> find(
      com.google.rpc.Status status, Class<T> type) {
    for (Any detail : status.getDetailsList()) {
      try {
        if (detail.is(type)) {
          return Optional.of(detail.unpack(type));
        }
      } catch (InvalidProtocolBufferException e) {
        return Optional.empty(); // A detail that can't be read says nothing.
      }
    }
    return Optional.empty();
  }
}
