package dev.weft.scaler.testing;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.BeginDrainResponse;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc.CellServiceImplBase;
import dev.weft.proto.internal.cell.v1.DemandServiceGrpc.DemandServiceImplBase;
import dev.weft.proto.internal.cell.v1.WatchDemandRequest;
import dev.weft.proto.internal.cell.v1.WatchDemandResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A placer that drains when the test says so. */
public final class FakePlacer extends CellServiceImplBase {

  /** Worker ids whose drain was asked for, with the first grace. */
  public final Map<String, Duration> asked = new ConcurrentHashMap<>();

  public final Set<String> drained = ConcurrentHashMap.newKeySet();
  public final Set<String> unknown = ConcurrentHashMap.newKeySet();
  public volatile WatchDemandResponse demand = WatchDemandResponse.getDefaultInstance();

  @Override
  public void beginDrain(BeginDrainRequest request, StreamObserver<BeginDrainResponse> answer) {
    String worker = request.getWorkerId();
    if (unknown.contains(worker)) {
      throw new MeshException(CommonReason.NOT_FOUND, "worker: " + worker);
    }
    asked.putIfAbsent(
        worker, Duration.ofSeconds(request.getGrace().getSeconds(), request.getGrace().getNanos()));
    answer.onNext(
        BeginDrainResponse.newBuilder().setDrained(drained.contains(worker)).setRunning(1).build());
    answer.onCompleted();
  }

  /** The demand's door of the same placer. */
  public DemandServiceImplBase demands() {
    return new DemandServiceImplBase() {
      @Override
      public void watchDemand(
          WatchDemandRequest request, StreamObserver<WatchDemandResponse> watcher) {
        watcher.onNext(demand);
      }
    };
  }
}
