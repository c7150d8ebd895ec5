package dev.weft.router.grpc;

import dev.weft.platform.grpc.StreamOutbox;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.DemandServiceGrpc.DemandServiceImplBase;
import dev.weft.proto.internal.cell.v1.WatchDemandRequest;
import dev.weft.proto.internal.cell.v1.WatchDemandResponse;
import dev.weft.router.app.DemandQueries;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Demand for scalers: a slow one is told only the newest. */
public final class DemandGrpcService extends DemandServiceImplBase {

  private static final StreamOutbox.Limits LIMITS = new StreamOutbox.Limits(1, 4 << 20, 4 << 20);

  private final DemandQueries demand;
  private final ScheduledExecutorService timer;
  private final Ticker ticker;
  private final Pace pace;

  /**
   * How often it is told.
   *
   * @param look the least time between two messages
   * @param idle the most
   */
  public record Pace(Duration look, Duration idle) {
    public static final Pace STANDARD = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(15));
  }

  public DemandGrpcService(
      DemandQueries demand, ScheduledExecutorService timer, Ticker ticker, Pace pace) {
    this.demand = demand;
    this.timer = timer;
    this.ticker = ticker;
    this.pace = pace;
  }

  @Override
  public void watchDemand(
      WatchDemandRequest request, StreamObserver<WatchDemandResponse> observer) {
    var stream = (ServerCallStreamObserver<WatchDemandResponse>) observer;
    Watch watch =
        new Watch(new StreamOutbox<>(stream, LIMITS, waiting -> List.of(waiting.getLast())));
    ScheduledFuture<?> looking =
        timer.scheduleWithFixedDelay(watch::look, 0, pace.look().toMillis(), TimeUnit.MILLISECONDS);
    Runnable ended =
        () -> {
          looking.cancel(false);
          watch.outbox.abandon();
        };
    stream.setOnCancelHandler(ended);
    stream.setOnCloseHandler(ended);
  }

  /** One scaler's stream; looked at on the timer's thread, told on the cell's. */
  private final class Watch {

    private final StreamOutbox<WatchDemandResponse> outbox;
    private @Nullable WatchDemandResponse last;
    private long lastNanos;

    Watch(StreamOutbox<WatchDemandResponse> outbox) {
      this.outbox = outbox;
    }

    private void look() {
      demand
          .now()
          .thenApply(DemandProtoMapper::response)
          .whenComplete(
              (response, failure) -> {
                if (failure == null) {
                  tell(response);
                } else {
                  outbox.fail(Denials.exception(failure));
                }
              });
    }

    private synchronized void tell(WatchDemandResponse response) {
      long now = ticker.nanos();
      if (!response.equals(last) || now - lastNanos >= pace.idle().toNanos()) {
        last = response;
        lastNanos = now;
        outbox.offer(response);
      }
    }
  }
}
