package dev.weft.scaler.grpc;

import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.DemandServiceGrpc;
import dev.weft.proto.internal.cell.v1.ShapeDemand;
import dev.weft.proto.internal.cell.v1.WatchDemandRequest;
import dev.weft.proto.internal.cell.v1.WatchDemandResponse;
import dev.weft.scaler.app.DemandBoard;
import dev.weft.scaler.domain.demand.Demand;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** The placer's demand, by a stream of it; the board drops what an older placer says. */
public final class DemandFollower implements AutoCloseable {

  /** The placer says something every 15 s. */
  private static final Duration SILENCE = Duration.ofSeconds(40);

  private static final String CLASS_PREFIX = "PRIORITY_CLASS_";

  private final HolderStream<WatchDemandRequest, WatchDemandResponse> stream;

  public DemandFollower(
      HolderClient router, DemandBoard board, ScheduledExecutorService timer, Ticker ticker) {
    this.stream =
        new HolderStream<>(
            router,
            (channel, observer) ->
                DemandServiceGrpc.newStub(channel)
                    .watchDemand(WatchDemandRequest.getDefaultInstance(), observer),
            new HolderStream.Listener<>() {
              @Override
              public void opened() {}

              @Override
              public void told(WatchDemandResponse message) {
                board.take(demand(message));
              }

              @Override
              public void ended() {}
            },
            timer,
            ticker);
  }

  public void start() {
    stream.start(SILENCE);
  }

  @Override
  public void close() {
    stream.close();
  }

  static Demand demand(WatchDemandResponse message) {
    return new Demand(
        message.getEpoch(), message.getShapesList().stream().map(DemandFollower::shape).toList());
  }

  private static Demand.OfShape shape(ShapeDemand shape) {
    return new Demand.OfShape(
        shape.getPriorityClass().name().replace(CLASS_PREFIX, ""),
        shape.getQueued(),
        shape.getRunning(),
        Duration.ofSeconds(shape.getOldest().getSeconds(), shape.getOldest().getNanos()));
  }
}
