package dev.weft.worker.grpc;

import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.Directive;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatServiceGrpc;
import dev.weft.worker.app.HostLoad;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.probe.Probing;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One heartbeat stream: the profile once, then a beat each interval that the registry asks for. */
final class HeartbeatLink implements ClientResponseObserver<BeatRequest, BeatResponse> {

  private static final int PROTOCOL_VERSION = 1;
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** Who beats, with what. */
  record Side(
      MeshStreams.Self self,
      Supplier<WorkView> work,
      Supplier<HostLoad> host,
      Probing probing,
      ScheduledExecutorService timer,
      Runnable onShutDown) {}

  private final Side side;
  private final StreamKeeper keeper;
  private final Beats beats;
  private @Nullable ClientCallStreamObserver<BeatRequest> up;
  private @Nullable ScheduledFuture<?> beating;
  private boolean ended;

  private HeartbeatLink(Side side, StreamKeeper keeper) {
    this.side = side;
    this.keeper = keeper;
    this.beats = new Beats(side.self().ticker(), side.probing());
  }

  static void open(Channel channel, StreamKeeper keeper, Side side) {
    HeartbeatLink link = new HeartbeatLink(side, keeper);
    HeartbeatServiceGrpc.newStub(channel).beat(link);
    link.greet();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<BeatRequest> stream) {
    up = stream;
  }

  private synchronized void greet() {
    ClientCallStreamObserver<BeatRequest> stream = up;
    if (ended || stream == null) {
      return;
    }
    stream.onNext(
        BeatRequest.newBuilder()
            .setHello(
                HeartbeatHello.newBuilder()
                    .setProtocolVersion(PROTOCOL_VERSION)
                    .addFeatures(ProbeProtoMapper.FEATURE)
                    .setWorkerId(side.self().workerId())
                    .setIncarnation(side.self().incarnation())
                    .setProfile(ProfileProtoMapper.profile(side.self().profile())))
            .build());
    if (beating == null) {
      beating = every(Duration.ofSeconds(1));
    }
  }

  @Override
  public synchronized void onNext(BeatResponse response) {
    switch (response.getStepCase()) {
      case WELCOME -> {
        keeper.connected();
        side.probing().plan(ProbeProtoMapper.plans(response.getWelcome()));
        Duration interval = Durations.fromProto(response.getWelcome().getBeatInterval());
        if (beating != null && interval.isPositive()) {
          beating.cancel(false);
          beating = every(interval);
        }
      }
      case ACK -> beats.acknowledged(response.getAck());
      case DIRECTIVE -> obey(response.getDirective());
      case STEP_NOT_SET -> {
        // A step of a later protocol.
      }
    }
  }

  private void obey(Directive directive) {
    switch (directive.getOrderCase()) {
      case SEND_PROFILE -> greet();
      case SHUT_DOWN_WHEN_DRAINED -> side.onShutDown().run();
      case ORDER_NOT_SET -> {
        // An order of a later protocol.
      }
    }
  }

  private ScheduledFuture<?> every(Duration interval) {
    long millis = interval.toMillis();
    return side.timer().scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A beat that the stream doesn't take is left out: only the newest counts. */
  private synchronized void beat() {
    ClientCallStreamObserver<BeatRequest> stream = up;
    if (ended || stream == null) {
      return;
    }
    if (beats.silence().compareTo(SILENCE) > 0) {
      stream.cancel("silent for " + SILENCE, null);
    } else if (stream.isReady()) {
      stream.onNext(
          BeatRequest.newBuilder()
              .setBeat(beats.next(side.work().get(), side.host().get()))
              .build());
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onCompleted() {
    end(null);
  }

  private void end(@Nullable Throwable cause) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      if (beating != null) {
        beating.cancel(false);
      }
    }
    keeper.ended(cause);
  }
}
