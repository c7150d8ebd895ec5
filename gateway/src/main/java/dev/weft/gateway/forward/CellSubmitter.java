package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SubmitOutcome;
import dev.weft.gateway.app.SubmitOutcome.Refused;
import dev.weft.gateway.app.SubmitOutcome.Skewed;
import dev.weft.gateway.app.SubmitOutcome.TooLarge;
import dev.weft.gateway.app.SubmitOutcome.Unknown;
import dev.weft.gateway.app.Submitter;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.PrefixedId;
import dev.weft.platform.telemetry.Traceparent;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Submits batches to the placer. */
final class CellSubmitter implements Submitter<Submission, Accepted> {

  private static final Logger LOG = Logger.getLogger(CellSubmitter.class);

  static final String TASK_PREFIX = "tsk";
  static final String SKEWED = "TASK_ID_SKEWED";
  static final String SERVER_TIME = "server_time";

  private final Holder cell;

  CellSubmitter(Holder cell) {
    this.cell = cell;
  }

  @Override
  public CompletionStage<List<SubmitOutcome<Accepted>>> send(
      List<Parcel<Submission>> batch, Duration deadline) {
    SubmitTasksRequest.Builder request = SubmitTasksRequest.newBuilder();
    for (Parcel<Submission> parcel : batch) {
      request.addSubmissions(
          parcel.task().toBuilder()
              .setTaskId(PrefixedId.format(TASK_PREFIX, parcel.id()))
              .setResent(parcel.resent()));
    }
    SubmitTasksRequest message = request.build();
    Context trace = trace(batch);
    return detached(() -> cell.callOnce(channel -> submit(channel, message, trace), deadline))
        .thenApply(answer -> outcomes(answer, batch.size()))
        .exceptionallyCompose(failure -> failed(failure, batch.size()));
  }

  private static ListenableFuture<SubmitTasksResponse> submit(
      Channel channel, SubmitTasksRequest message, Context trace) {
    try (Scope _ = trace.makeCurrent()) {
      // Answers are handed on and never waited for, so they need no thread of their own.
      return CellServiceGrpc.newFutureStub(channel)
          .withExecutor(Runnable::run)
          .submitTasks(message);
    }
  }

  /** A call stands in one trace: in that of the first submission which has one. */
  private static Context trace(List<Parcel<Submission>> batch) {
    return batch.stream()
        .map(parcel -> parcel.task().getTraceparent())
        .filter(text -> !text.isEmpty())
        .findFirst()
        .map(Traceparent::parse)
        .orElse(Context.root());
  }

  /**
   * A batch belongs to many callers: it must not end with the one call in whose context it happens
   * to start, as gRPC would have it.
   */
  private static <T> T detached(Supplier<T> start) {
    io.grpc.Context before = io.grpc.Context.ROOT.attach();
    try {
      return start.get();
    } finally {
      io.grpc.Context.ROOT.detach(before);
    }
  }

  private static List<SubmitOutcome<Accepted>> outcomes(SubmitTasksResponse answer, int expected) {
    if (answer.getResultsCount() != expected) {
      throw new IllegalStateException(
          "results: " + answer.getResultsCount() + " (expected: " + expected + ")");
    }
    return answer.getResultsList().stream().map(CellSubmitter::outcome).toList();
  }

  private static SubmitOutcome<Accepted> outcome(SubmissionResult result) {
    return switch (result.getOutcomeCase()) {
      case ACCEPTED -> new SubmitOutcome.Accepted<>(result.getAccepted());
      case PROBLEM -> outcome(result.getProblem());
      case OUTCOME_NOT_SET -> new Unknown<>(new IllegalStateException("a result without outcome"));
    };
  }

  private static SubmitOutcome<Accepted> outcome(Problem problem) {
    MeshException failure = Problems.toException(problem);
    if (problem.getReason().equals(SKEWED)) {
      return new Skewed<>(time(problem.getMetadataOrDefault(SERVER_TIME, "")), failure);
    }
    Code code = failure.reason().code();
    return switch (code) {
      case UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN -> new Unknown<>(failure);
      default -> new Refused<>(failure);
    };
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A refusal of the whole call is one of each submission. */
  private static CompletionStage<List<SubmitOutcome<Accepted>>> failed(
      Throwable failure, int count) {
    if (Upstream.isUntaken(failure)) {
      return CompletableFuture.failedFuture(
          Upstream.visible(failure, GatewayReason.CELL_UNAVAILABLE));
    }
    if (Upstream.isTooLarge(failure)) {
      LOG.warnf(
          "a batch's answer is too large, it is sent again in parts: count=%d error=%s",
          count, failure);
      return CompletableFuture.completedFuture(
          Collections.nCopies(
              count,
              new TooLarge<Accepted>(Upstream.visible(failure, GatewayReason.CELL_UNAVAILABLE))));
    }
    return switch (Upstream.codeOf(failure)) {
      case INVALID_ARGUMENT,
          RESOURCE_EXHAUSTED,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          UNIMPLEMENTED -> {
        RuntimeException why = Upstream.visible(failure, GatewayReason.CELL_UNAVAILABLE);
        yield CompletableFuture.completedFuture(
            Collections.nCopies(count, new Refused<Accepted>(why)));
      }
      default -> {
        LOG.warnf(
            "a batch has an unknown outcome and is sent again: count=%d error=%s", count, failure);
        yield CompletableFuture.failedFuture(failure);
      }
    };
  }
}
