package dev.weft.gateway.output;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.grpc.UncopiedBytes;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import java.util.Optional;

/**
 * One attempt's log as a stream of steps. Opened anew after the last number when a replica goes;
 * what comes twice is dropped by its number.
 */
final class AttemptTail implements StreamSink<ReadOutputResponse> {

  private final String tenant;
  private final String taskId;
  private final int attempt;
  private final boolean follow;
  private final LogSink sink;

  // Written and read on the stream's own way only: an answer, its end, the next opening.
  private long last;
  private boolean closed;

  /**
   * @param follow whether the log's end is waited for
   */
  AttemptTail(String tenant, String taskId, OutputCursor after, boolean follow, LogSink sink) {
    this.tenant = tenant;
    this.taskId = taskId;
    this.attempt = after.attempt();
    this.last = after.number();
    this.follow = follow;
    this.sink = sink;
  }

  OpenStream open(ResumingStream.Setting setting, int ahead) {
    ResumingStream<TailOutputRequest, TailOutputResponse, ReadOutputResponse> stream =
        new ResumingStream<>(
            setting,
            new ResumingStream.Kind<>(
                UncopiedBytes.responses(OutputServiceGrpc.getTailOutputMethod()),
                this::request,
                this::read),
            this,
            ahead);
    stream.open();
    return stream;
  }

  @Override
  public void next(ReadOutputResponse step) {
    sink.next(step);
  }

  @Override
  public void done() {
    if (follow && !closed) {
      sink.unfinished();
    } else {
      sink.done();
    }
  }

  @Override
  public void failed(RuntimeException why) {
    sink.failed(why);
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
      case CLOSED -> {
        closed = true;
        yield Optional.empty();
      }
      case HEARTBEAT, STEP_NOT_SET -> Optional.empty();
    };
  }
}
