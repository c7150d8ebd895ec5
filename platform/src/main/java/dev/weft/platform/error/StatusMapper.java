package dev.weft.platform.error;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where failures become gRPC answers and back: google.rpc.Status with exactly one
 * ErrorInfo, and RetryInfo where the server knows when to try again.
 */
public final class StatusMapper {

  /** The domain of every ErrorInfo. */
  public static final String DOMAIN = "weft.dev";

  /** When an item's problem tells of a pause, it does so under this name, in milliseconds. */
  public static final String RETRY_AFTER_MS = "retry_after_ms";

  private StatusMapper() {}

  /**
   * Never fails, and never tells a stranger the text of an exception that was not meant for the
   * caller: such a one is INTERNAL without details, with itself as the cause for the log.
   */
  public static StatusRuntimeException toStatus(Throwable failure) {
    Throwable cause = unwrap(failure);
    return switch (cause) {
      case MeshException e ->
          status(e.reason(), e.getMessage(), e.metadata(), e.retryAfter(), cause);
      case StatusRuntimeException e -> detailed(e.getStatus(), e.getTrailers());
      case StatusException e -> detailed(e.getStatus(), e.getTrailers());
      case CancellationException e -> plain(CommonReason.CANCELLED, "the call was cancelled", e);
      case TimeoutException e ->
          plain(CommonReason.DEADLINE_EXCEEDED, "the deadline has passed", e);
      default -> plain(CommonReason.INTERNAL, "internal error", cause);
    };
  }

  /** Reads any failed call; one without our details gets the reason that its code names. */
  public static MeshProblem fromStatus(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof MeshException e) {
      return new MeshProblem(
          e.reason().code(), e.reason().name(), e.getMessage(), e.metadata(), e.retryAfter());
    }
    com.google.rpc.Status status = StatusProto.fromThrowable(toStatus(cause));
    if (status == null) {
      throw new IllegalStateException("a mapped status has details", cause);
    }
    Code code = Status.fromCodeValue(status.getCode()).getCode();
    Optional<ErrorInfo> info = find(status, ErrorInfo.class);
    return new MeshProblem(
        code,
        info.map(ErrorInfo::getReason).orElse(CommonReason.of(code).name()),
        status.getMessage(),
        info.map(ErrorInfo::getMetadataMap).orElse(Map.of()),
        find(status, RetryInfo.class).map(StatusMapper::delayOf));
  }

  /** Whether the answer already carries exactly what we promise. */
  static boolean hasDetails(Status status, @Nullable Metadata trailers) {
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    return details.getDetailsList().stream().filter(any -> any.is(ErrorInfo.class)).count() == 1;
  }

  private static StatusRuntimeException detailed(Status status, @Nullable Metadata trailers) {
    if (status.isOk() || hasDetails(status, trailers)) {
      return status.asRuntimeException(trailers == null ? new Metadata() : trailers);
    }
    CommonReason reason = CommonReason.of(isLost(status) ? Code.UNAVAILABLE : status.getCode());
    String description = status.getDescription();
    StatusRuntimeException mapped =
        status(
            reason,
            description == null ? reason.name() : description,
            Map.of(),
            Optional.empty(),
            status.getCause());
    Metadata merged = mapped.getTrailers() == null ? new Metadata() : mapped.getTrailers();
    if (trailers != null) {
      Metadata rest = new Metadata();
      rest.merge(trailers);
      for (String key : merged.keys()) {
        discard(rest, key);
      }
      merged.merge(rest);
    }
    return mapped.getStatus().asRuntimeException(merged);
  }

  /**
   * A call that was begun while its connection died: gRPC calls that UNKNOWN, and UNAVAILABLE a
   * moment later. What a peer answered has no cause.
   */
  private static boolean isLost(Status status) {
    return status.getCode() == Code.UNKNOWN && status.getCause() instanceof IOException;
  }

  private static void discard(Metadata metadata, String key) {
    if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      metadata.discardAll(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER));
    } else {
      metadata.discardAll(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  private static StatusRuntimeException plain(Reason reason, String message, Throwable cause) {
    return status(reason, message, Map.of(), Optional.empty(), cause);
  }

  private static StatusRuntimeException status(
      Reason reason,
      String message,
      Map<String, String> metadata,
      Optional<Duration> retryAfter,
      @Nullable Throwable cause) {
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setDomain(DOMAIN)
            .setReason(reason.name())
            .putAllMetadata(metadata)
            .build();
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(reason.code().value())
            .setMessage(message)
            .addDetails(Any.pack(info));
    retryAfter.ifPresent(delay -> status.addDetails(Any.pack(retryInfo(delay))));
    StatusRuntimeException mapped = StatusProto.toStatusRuntimeException(status.build());
    return cause == null
        ? mapped
        : mapped.getStatus().withCause(cause).asRuntimeException(mapped.getTrailers());
  }

  private static RetryInfo retryInfo(Duration delay) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(delay.getSeconds())
                .setNanos(delay.getNano()))
        .build();
  }

  private static Duration delayOf(RetryInfo info) {
    return Duration.ofSeconds(info.getRetryDelay().getSeconds(), info.getRetryDelay().getNanos());
  }

  private static <T extends Message> Optional<T> find(com.google.rpc.Status status, Class<T> type) {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          // A peer's details that don't parse are worth no more than none.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable current = failure;
    while ((current instanceof CompletionException || current instanceof ExecutionException)
        && current.getCause() != null) {
      current = current.getCause();
    }
    return current;
  }
}
