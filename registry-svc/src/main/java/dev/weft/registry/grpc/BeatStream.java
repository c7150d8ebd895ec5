package dev.weft.registry.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.heartbeat.v1.BeatRequest;
import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.Directive;
import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatAck;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatWelcome;
import dev.weft.proto.internal.heartbeat.v1.SendProfile;
import dev.weft.registry.app.RegistryReason;
import dev.weft.registry.app.Seating;
import dev.weft.registry.app.WorkerLink;
import dev.weft.registry.domain.check.InvalidFieldException;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.Hello;
import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.profile.WorkerProfile;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One worker's stream. Messages come one at a time on the call's thread; {@link #close} may come
 * from any, so everything that goes down is sent under the lock of {@code responses}. Acks are not
 * queued: a worker that does not read gets none.
 */
final class BeatStream implements StreamObserver<BeatRequest>, WorkerLink {

  private final HeartbeatGrpcService service;
  private final Peer peer;
  private final ServerCallStreamObserver<BeatResponse> responses;
  private final long opened;
  private @Nullable Hello introduction;
  private volatile @Nullable Seating seating;
  private boolean greeted;
  private long lastMessage;
  private boolean closed;

  BeatStream(
      HeartbeatGrpcService service, Peer peer, ServerCallStreamObserver<BeatResponse> responses) {
    this.service = service;
    this.peer = peer;
    this.responses = responses;
    this.opened = service.nanos();
    this.lastMessage = opened - service.settings().leastGap().toNanos();
    responses.setOnCancelHandler(this::left);
    responses.disableAutoRequest();
    responses.request(1);
  }

  @Override
  public void onNext(BeatRequest request) {
    try {
      switch (request.getStepCase()) {
        case HELLO -> hello(request.getHello());
        case BEAT -> beat(request.getBeat());
        case STEP_NOT_SET -> {
          // A step of a later version: not for this build.
        }
      }
    } catch (InvalidFieldException e) {
      fail(MeshException.invalidField(e.field(), e.value(), e.expected()));
    } catch (MeshException e) {
      fail(e);
    }
    requestNext();
  }

  /**
   * A worker that sends too fast is slowed down by the transport; nothing of what it says is lost.
   */
  private void requestNext() {
    long now = service.nanos();
    boolean tooFast = now - lastMessage < service.settings().leastGap().toNanos();
    lastMessage = now;
    if (tooFast) {
      service.pace(() -> responses.request(1));
    } else {
      responses.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    left();
  }

  @Override
  public void onCompleted() {
    left();
    synchronized (responses) {
      if (!closed) {
        closed = true;
        responses.onCompleted();
      }
    }
  }

  @Override
  public void close(MeshException why) {
    synchronized (responses) {
      if (!closed) {
        closed = true;
        responses.onError(why);
      }
    }
  }

  void endIfOpenedBefore(long nanos) {
    if (opened - nanos < 0) {
      service.introduced(this);
      close(
          new MeshException(
                  CommonReason.DEADLINE_EXCEEDED,
                  "hello: none with a profile (expected: within "
                      + service.settings().helloWithin()
                      + ")")
              .with("within", service.settings().helloWithin()));
    }
  }

  private void hello(HeartbeatHello hello) {
    Protocol.requireSupported(hello.getProtocolVersion());
    if (!hello.getWorkerId().equals(peer.nodeId())) {
      throw new MeshException(
              CommonReason.PERMISSION_DENIED,
              "worker_id: "
                  + hello.getWorkerId()
                  + " (expected: the certificate's, "
                  + peer.nodeId()
                  + ")")
          .with("worker_id", hello.getWorkerId());
    }
    Seating seat = seating;
    if (seat != null) {
      reprofile(seat, hello);
      return;
    }
    if (hello.hasProfile()) {
      admit(hello, profile(hello));
    } else {
      greet(hello, service.keeper().read(Fleet::epoch));
      send(
          BeatResponse.newBuilder()
              .setDirective(Directive.newBuilder().setSendProfile(SendProfile.getDefaultInstance()))
              .build());
    }
  }

  private void admit(HeartbeatHello hello, WorkerProfile profile) {
    introduction = new Hello(new WorkerId(hello.getWorkerId()), hello.getIncarnation(), profile);
    Seating seat = service.keeper().admit(introduction, this);
    seating = seat;
    service.introduced(this);
    greet(hello, seat.epoch());
    synchronized (responses) {
      if (!closed) {
        return;
      }
    }
    // The client has gone while it was let in: its end was not yet known to be this seat's.
    service.keeper().leave(seat);
  }

  private void reprofile(Seating seat, HeartbeatHello hello) {
    Hello first = introduction;
    if (first == null || hello.getIncarnation() != first.incarnation()) {
      throw MeshException.invalidField(
          "incarnation",
          hello.getIncarnation(),
          "that of the stream, " + (first == null ? 0 : first.incarnation()));
    }
    if (hello.hasProfile()) {
      service.keeper().reprofile(seat, profile(hello));
    }
  }

  private static WorkerProfile profile(HeartbeatHello hello) {
    return ProtoValues.at("profile", () -> ProfileReader.read(hello.getProfile()));
  }

  private void greet(HeartbeatHello hello, long epoch) {
    if (greeted) {
      return;
    }
    greeted = true;
    List<String> features = Protocol.common(hello.getFeaturesList());
    HeartbeatWelcome.Builder welcome =
        HeartbeatWelcome.newBuilder()
            .setProtocolVersion(Protocol.VERSION)
            .addAllFeatures(features)
            .setBeatInterval(ProtoValues.toProto(service.settings().beatInterval()))
            .setEpoch(epoch);
    if (features.contains(Protocol.PROBES)) {
      welcome.addAllProbes(ProbeMapper.plans(service.settings().health()));
    }
    send(BeatResponse.newBuilder().setWelcome(welcome).build());
  }

  private void beat(Heartbeat beat) {
    Seating seat = seating;
    if (seat == null) {
      if (!greeted) {
        throw new MeshException(
            RegistryReason.HELLO_MISSING, "the stream's first message: a beat (expected: hello)");
      }
      return;
    }
    Optional<Instant> serverTime = service.keeper().beat(seat, BeatReader.read(beat));
    if (serverTime.isEmpty()) {
      return;
    }
    service.taken();
    if (responses.isReady()) {
      send(
          BeatResponse.newBuilder()
              .setAck(
                  HeartbeatAck.newBuilder()
                      .setNumber(beat.getNumber())
                      .setServerTime(ProtoValues.toProto(serverTime.get())))
              .build());
    }
  }

  private void send(BeatResponse response) {
    synchronized (responses) {
      if (!closed) {
        responses.onNext(response);
      }
    }
  }

  private void fail(MeshException why) {
    left();
    close(why);
  }

  private void left() {
    service.introduced(this);
    Seating seat = seating;
    if (seat != null) {
      service.keeper().leave(seat);
    }
  }
}
