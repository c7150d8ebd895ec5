package dev.weft.scaler.grpc;

import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.BeginDrainResponse;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.scaler.app.Drains;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The placer that holds the cell. */
public final class PlacerDrains implements Drains, AutoCloseable {

  private final HolderClient router;
  private final Duration deadline;

  /**
   * @param deadline of one call
   */
  public PlacerDrains(HolderClient router, Duration deadline) {
    this.router = router;
    this.deadline = deadline;
  }

  @Override
  public CompletionStage<Progress> drain(String workerId, Duration grace) {
    BeginDrainRequest request =
        BeginDrainRequest.newBuilder()
            .setWorkerId(workerId)
            .setGrace(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(grace.getSeconds())
                    .setNanos(grace.getNano()))
            .build();
    return router
        .call(channel -> CellServiceGrpc.newFutureStub(channel).beginDrain(request), deadline)
        .handle(PlacerDrains::progress);
  }

  private static Progress progress(BeginDrainResponse response, Throwable failure) {
    if (failure == null) {
      return response.getDrained() ? Progress.DRAINED : Progress.DRAINING;
    }
    if (StatusMapper.fromStatus(failure).code() == Code.NOT_FOUND) {
      return Progress.UNKNOWN;
    }
    throw new IllegalStateException("no placer answers", failure);
  }

  @Override
  public void close() {
    router.close();
  }
}
