package dev.weft.registry.grpc;

import dev.weft.platform.grpc.Peer;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatServiceGrpc.HeartbeatServiceImplBase;
import dev.weft.registry.app.FleetKeeper;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The workers' door. */
public final class HeartbeatGrpcService extends HeartbeatServiceImplBase {

  private final FleetKeeper keeper;
  private final HeartbeatSettings settings;
  private final Ticker ticker;
  private final Later later;
  private final Set<BeatStream> waiting = ConcurrentHashMap.newKeySet();
  private final LongAdder beats = new LongAdder();
  private final LongAdder paced = new LongAdder();

  public HeartbeatGrpcService(
      FleetKeeper keeper, HeartbeatSettings settings, Ticker ticker, Later later) {
    this.keeper = keeper;
    this.settings = settings;
    this.ticker = ticker;
    this.later = later;
  }

  @Override
  public StreamObserver<BeatRequest> beat(StreamObserver<BeatResponse> responses) {
    ServerCallStreamObserver<BeatResponse> down =
        (ServerCallStreamObserver<BeatResponse>) responses;
    BeatStream stream = new BeatStream(this, Peer.current(), down);
    waiting.add(stream);
    return stream;
  }

  /**
   * Ends the streams that have not introduced themselves in time; to be called about once a second.
   */
  public void endUnintroduced() {
    long now = ticker.nanos();
    for (BeatStream stream : waiting) {
      stream.endIfOpenedBefore(now - settings.helloWithin().toNanos());
    }
  }

  /** Beats that were taken in. */
  public long beats() {
    return beats.sum();
  }

  /** Messages after which a worker had to wait, because it sent them too fast. */
  public long paced() {
    return paced.sum();
  }

  FleetKeeper keeper() {
    return keeper;
  }

  HeartbeatSettings settings() {
    return settings;
  }

  long nanos() {
    return ticker.nanos();
  }

  void introduced(BeatStream stream) {
    waiting.remove(stream);
  }

  void taken() {
    beats.increment();
  }

  void pace(Runnable next) {
    paced.increment();
    later.run(next, settings.leastGap());
  }
}
