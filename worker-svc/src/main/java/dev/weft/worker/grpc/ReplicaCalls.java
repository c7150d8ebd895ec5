package dev.weft.worker.grpc;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.telemetry.Traceparent;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.ArtifactStore.Errand;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.grpc.ReplicaLines.Line;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Calls that block, made to one replica after the other until one answers for good or nothing has
 * moved for too long.
 */
final class ReplicaCalls {

  private static final Backoff PAUSES =
      new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2), 0.5);

  /**
   * How long is hoped.
   *
   * @param patience without any progress
   * @param unavailable what the attempt fails with then
   * @param askAgain the known addresses don't answer; must not block
   */
  record Hope(Duration patience, FailureReason unavailable, Runnable askAgain) {}

  /** One try; what an earlier try has finished is not done again. */
  @FunctionalInterface
  interface Try<T> {
    T make(Channel channel, Runnable progress)
        throws StatusException,
            TimeoutException,
            CarryException,
            HaltedException,
            IOException,
            InterruptedException;
  }

  private final ReplicaLines lines;
  private final Hope hope;
  private final Ticker ticker;
  private final RandomGenerator random;

  ReplicaCalls(ReplicaLines lines, Hope hope, Ticker ticker, RandomGenerator random) {
    this.lines = lines;
    this.hope = hope;
    this.ticker = ticker;
    this.random = random;
  }

  <T> T call(Errand errand, Try<T> attempt)
      throws CarryException, HaltedException, IOException, InterruptedException {
    long[] moved = {ticker.nanos()};
    int failures = 0;
    while (true) {
      errand.halt().check();
      MeshProblem problem = unknownAddress();
      Optional<Line> line = lines.current();
      if (line.isPresent()) {
        try (Scope _ = Traceparent.parse(errand.traceparent()).makeCurrent()) {
          return attempt.make(line.get().channel(), () -> moved[0] = ticker.nanos());
        } catch (StatusException | StatusRuntimeException | TimeoutException e) {
          errand.halt().check();
          problem = StatusMapper.fromStatus(e);
        }
        requireHope(problem);
        lines.leave(line.get());
      }
      if (ticker.nanos() - moved[0] > hope.patience().toNanos()) {
        throw new CarryException(
            new Failure(
                hope.unavailable(),
                "nothing moved for %s: %s".formatted(hope.patience(), problem.message()),
                Map.of("last", problem.reason())));
      }
      failures++;
      if (failures % 3 == 0) {
        hope.askAgain().run();
      }
      Duration pause = PAUSES.delay(Math.min(failures, 30), random);
      Duration asked = problem.retryAfter().orElse(Duration.ZERO);
      pause(errand, asked.compareTo(pause) > 0 ? asked : pause);
    }
  }

  /** As long as a pause takes, or until the attempt is to end. */
  private void pause(Errand errand, Duration pause) throws InterruptedException, HaltedException {
    long until = ticker.nanos() + pause.toNanos();
    while (ticker.nanos() - until < 0) {
      errand.halt().check();
      Thread.sleep(20);
    }
  }

  private static MeshProblem unknownAddress() {
    return StatusMapper.fromStatus(
        Status.UNAVAILABLE.withDescription("no address is known").asRuntimeException());
  }

  /** Whether another replica, or this one later, may answer otherwise. */
  private void requireHope(MeshProblem problem) throws CarryException {
    boolean hopeful =
        switch (problem.code()) {
          case UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, INTERNAL, ABORTED, CANCELLED -> true;
          // It has as many transfers as it takes, and says nothing of the artifact.
          case RESOURCE_EXHAUSTED -> problem.reason().equals("TOO_MANY_TRANSFERS");
          default -> false;
        };
    if (!hopeful) {
      throw new CarryException(Refused.failure(problem, hope.unavailable()));
    }
  }
}
