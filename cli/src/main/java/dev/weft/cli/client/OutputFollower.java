package dev.weft.cli.client;

import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc.ArtifactServiceBlockingV2Stub;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads one task's output. When a stream breaks off or falls silent, it is resumed after the last
 * step at the next gateway; what comes twice is told apart by its number.
 */
public final class OutputFollower {
  private final RpcDoor door;
  private final String taskId;
  private final OutputSink sink;
  private String cursor = "";
  private int attempt;
  private long number;

  public OutputFollower(RpcDoor door, String taskId, OutputSink sink) {
    this.door = door;
    this.taskId = taskId;
    this.sink = sink;
  }

  /**
   * Hands on all output, and returns when there is no more; may be called again after a failure and
   * goes on where it was.
   *
   * @param follow wait for more until the task has ended
   */
  public void read(boolean follow) {
    door.call(
        (stub, patience) -> {
          readOnce(stub, follow, patience);
          return taskId;
        });
  }

  /** Whether any output was handed on. */
  public boolean hasBegun() {
    return attempt > 0;
  }

  private void readOnce(ArtifactServiceBlockingV2Stub stub, boolean follow, Patience patience)
      throws StatusException, InterruptedException, TimeoutException {
    BlockingClientCall<?, ReadOutputResponse> call =
        stub.readOutput(
            ReadOutputRequest.newBuilder()
                .setTaskId(taskId)
                .setAfterCursor(cursor)
                .setFollow(follow)
                .build());
    try {
      long silence = door.pace().silence().toMillis();
      ReadOutputResponse step = call.read(silence, TimeUnit.MILLISECONDS);
      while (step != null) {
        patience.progress();
        take(step);
        step = call.read(silence, TimeUnit.MILLISECONDS);
      }
    } finally {
      call.cancel("left", null); // Nothing happens when it has ended by itself.
    }
  }

  private void take(ReadOutputResponse step) {
    switch (step.getStepCase()) {
      case CHUNK -> take(step.getChunk());
      case GAP -> {
        begin(step.getGap().getAttempt());
        if (step.getGap().getToNumber() > number) {
          sink.gap(step.getGap());
          number = step.getGap().getToNumber();
        }
      }
      case HEARTBEAT, STEP_NOT_SET -> {
        // The stream lives.
      }
    }
    if (!step.getCursor().isEmpty()) {
      cursor = step.getCursor();
    }
  }

  private void take(OutputChunk chunk) {
    if (chunk.getAttempt() < attempt
        || (chunk.getAttempt() == attempt && chunk.getNumber() <= number)) {
      return; // Seen before the stream broke off.
    }
    begin(chunk.getAttempt());
    sink.write(chunk.getSource() == OutputSource.OUTPUT_SOURCE_STDERR, chunk.getData());
    number = chunk.getNumber();
  }

  private void begin(int now) {
    if (now > attempt) {
      if (attempt > 0) {
        sink.attempt(now);
      }
      attempt = now;
      number = 0;
    }
  }
}
