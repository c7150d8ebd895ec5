package dev.weft.platform.grpc;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks the process behind a mesh port whether it serves. */
public final class ServingCheck {

  private ServingCheck() {}

  /**
   * Returns if it does; blocks at most for the timeout.
   *
   * @throws io.grpc.StatusRuntimeException if it does not answer, or answers that it does not
   */
  public static void require(Channel channel, Duration timeout) {
    ServingStatus status =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus();
    if (status != ServingStatus.SERVING) {
      throw Status.UNAVAILABLE
          .withDescription("health: " + status + " (expected: SERVING)")
          .asRuntimeException();
    }
  }
}
