package dev.weft.worker.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.Directive;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatAck;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatServiceGrpc.HeartbeatServiceImplBase;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatWelcome;
import dev.weft.proto.internal.heartbeat.v1.ProbeLayer;
import dev.weft.proto.internal.heartbeat.v1.ProbePlan;
import dev.weft.proto.internal.heartbeat.v1.ProbeResult;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A registry that keeps what it is told. */
public final class FakeRegistry extends HeartbeatServiceImplBase {

  static final int SERVER_SECONDS = 1000;

  private final List<HeartbeatHello> hellos = new CopyOnWriteArrayList<>();
  private final List<Heartbeat> beats = new CopyOnWriteArrayList<>();
  private volatile List<ProbePlan> plans = List.of();
  private volatile @Nullable StreamObserver<BeatResponse> down;

  @Override
  public StreamObserver<BeatRequest> beat(StreamObserver<BeatResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(BeatRequest request) {
        take(request, observer);
      }

      @Override
      public void onError(Throwable cause) {
        down = null;
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  private synchronized void take(BeatRequest request, StreamObserver<BeatResponse> observer) {
    if (request.hasHello()) {
      down = observer;
      hellos.add(request.getHello());
      HeartbeatWelcome.Builder welcome =
          HeartbeatWelcome.newBuilder()
              .setProtocolVersion(1)
              .setEpoch(1)
              .addAllProbes(plans)
              .setBeatInterval(Durations.toProto(Duration.ofMillis(20)));
      observer.onNext(BeatResponse.newBuilder().setWelcome(welcome).build());
      return;
    }
    beats.add(request.getBeat());
    observer.onNext(
        BeatResponse.newBuilder()
            .setAck(
                HeartbeatAck.newBuilder()
                    .setNumber(request.getBeat().getNumber())
                    .setServerTime(Timestamp.newBuilder().setSeconds(SERVER_SECONDS)))
            .build());
  }

  /** Whoever comes from now on is to ask this layer so often, with as much time. */
  public void ask(ProbeLayer layer, Duration interval) {
    List<ProbePlan> more = new ArrayList<>(plans);
    more.add(
        ProbePlan.newBuilder()
            .setLayer(layer)
            .setInterval(Durations.toProto(interval))
            .setTimeout(Durations.toProto(interval))
            .build());
    plans = List.copyOf(more);
  }

  /** All that was told of a layer, in the order in which it came. */
  public List<ProbeResult> probed(ProbeLayer layer) {
    return beats.stream()
        .flatMap(beat -> beat.getProbesList().stream())
        .filter(report -> report.getLayer() == layer)
        .flatMap(report -> report.getResultsList().stream())
        .toList();
  }

  public synchronized void direct(Directive.Builder directive) {
    Objects.requireNonNull(down).onNext(BeatResponse.newBuilder().setDirective(directive).build());
  }

  public synchronized void hangUp() {
    Objects.requireNonNull(down).onError(Status.UNAVAILABLE.asRuntimeException());
  }

  public List<HeartbeatHello> hellos() {
    return hellos;
  }

  public List<Heartbeat> beats() {
    return beats;
  }
}
