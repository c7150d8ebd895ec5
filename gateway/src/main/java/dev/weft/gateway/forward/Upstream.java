package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshReason;
import io.grpc.Status.Code;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a failure behind the door means in front of it. */
public final class Upstream {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private Upstream() {}

  /** Passes the answer on, or a failure that the caller may see. */
  public static <T> CompletionStage<T> visible(CompletionStage<T> answer, GatewayReason away) {
    return answer.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(visible(failure, away)));
  }

  /**
   * A refusal by the service passes as it is. That nobody was there, or that the door itself was
   * not let in, is the door's own matter.
   */
  public static RuntimeException visible(Throwable failure, GatewayReason away) {
    MeshProblem problem = StatusMapper.fromStatus(failure);
    if (isAway(problem)) {
      return new MeshException(away, what(away) + ": away (expected: reachable)", failure)
          .retryAfter(problem.retryAfter().orElse(RETRY));
    }
    return switch (problem.code()) {
      case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, INTERNAL, UNKNOWN ->
          new MeshException(CommonReason.INTERNAL, what(away) + ": failed", failure);
      default -> StatusMapper.toStatus(failure);
    };
  }

  public static boolean isAway(MeshProblem problem) {
    return problem.is(CommonReason.NOT_HOLDER)
        || problem.code() == Code.UNAVAILABLE
        || problem.code() == Code.DEADLINE_EXCEEDED
        || problem.code() == Code.CANCELLED;
  }

  /** Nothing of the call can have arrived: no connection, or a replica that does not hold. */
  static boolean isUntaken(Throwable failure) {
    MeshProblem problem = StatusMapper.fromStatus(failure);
    if (problem.is(CommonReason.NOT_HOLDER) || problem.is(MeshReason.NO_HOLDER)) {
      return true;
    }
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }

  /**
   * gRPC itself refused a message for its size, mostly the answer, which says nothing about what
   * was done. A service that is full says so by a reason of its own.
   */
  static boolean isTooLarge(Throwable failure) {
    return StatusMapper.fromStatus(failure).is(CommonReason.RESOURCE_EXHAUSTED);
  }

  static Code codeOf(Throwable failure) {
    return StatusMapper.fromStatus(failure).code();
  }

  private static String what(GatewayReason away) {
    return switch (away) {
      case REGISTRY_UNAVAILABLE -> "registry";
      case ARTIFACTS_UNAVAILABLE -> "artifact service";
      case SCALER_UNAVAILABLE -> "scaler";
      default -> "cell";
    };
  }
}
