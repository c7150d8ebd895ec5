package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import java.util.Optional;

/**
 * One attempt's log as a stream of steps. Opened anew after the last number when a replica goes;
 * what comes twice is dropped by its number. Whether the log was closed is known at the end.
 */
final class AttemptTail {

  private final String tenant;
  private final String taskId;
  private final int attempt;
  private final boolean follow;

  // Written and read on the stream's own way only: an answer, its end, the next opening.
  private long last;

  AttemptTail(String tenant, String taskId, OutputCursor after, boolean follow) {
    this.tenant = tenant;
    this.taskId = taskId;
    this.attempt = after.attempt();
    this.last = after.number();
    this.follow = follow;
  }

  OpenStream open(
      ResumingStream.Setting setting, StreamSink<ReadOutputResponse> sink, int ahead) {
    ResumingStream<TailOutputRequest, TailOutputResponse, ReadOutputResponse> stream =
        new ResumingStream<>(
            setting,
            new ResumingStream.Kind<>(
                OutputServiceGrpc.getTailOutputMethod(), this::request, this::read),
            sink,
            ahead);
    stream.open();
    return stream;
  }

  private TailOutputRequest request() {
    return TailOutputRequest.newBuilder()
        .setTenant(tenant)
        .setTaskId(taskId)
        .setAttempt(attempt)
        .setAfterNumber(last)
        .setFollow(follow)
        .build();
  }

  private Optional<ReadOutputResponse> read(TailOutputResponse step) {
    return switch (step.getStepCase()) {
      case CHUNK -> {
        boolean fresh = step.getChunk().getNumber() > last;
        last = Math.max(last, step.getChunk().getNumber());
        yield fresh ? Optional.of(OutputSteps.chunk(attempt, step.getChunk())) : Optional.empty();
      }
      case GAP -> {
        boolean fresh = step.getGap().getToNumber() > last;
        last = Math.max(last, step.getGap().getToNumber());
        yield fresh ? Optional.of(OutputSteps.gap(attempt, step.getGap())) : Optional.empty();
      }
      case CLOSED, HEARTBEAT, STEP_NOT_SET -> Optional.empty();
    };
  }
}
