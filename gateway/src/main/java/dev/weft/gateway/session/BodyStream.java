package dev.weft.gateway.session;

import dev.weft.gateway.session.Arrival.Arrived;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyRequest;
import dev.weft.proto.internal.session.v1.BodyResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** The receiving side of a body's stream: one message at a time. */
final class BodyStream implements StreamObserver<BodyRequest> {

  private final SessionHub hub;
  private final String workerId;
  private final Ticker ticker;
  private final ServerCallStreamObserver<BodyResponse> observer;
  private final Arrival<BodyLink> arrival = new Arrival<>();

  BodyStream(
      SessionHub hub,
      String workerId,
      Ticker ticker,
      ServerCallStreamObserver<BodyResponse> observer) {
    this.hub = hub;
    this.workerId = workerId;
    this.ticker = ticker;
    this.observer = observer;
    observer.disableAutoRequest();
    observer.setOnReadyHandler(() -> arrival.arrived().ifPresent(it -> it.home().bodyReady()));
    observer.setOnCancelHandler(() -> gone(false));
    observer.request(1);
  }

  @Override
  public void onNext(BodyRequest request) {
    switch (request.getStepCase()) {
      case HELLO -> hello(request.getHello());
      case FRAMES -> frames(request.getFrames());
      case STEP_NOT_SET -> refuse(SessionRefusals.frame("nothing", "hello or frames"));
    }
  }

  private void hello(BodyHello hello) {
    if (arrival.link().isPresent()) {
      refuse(SessionRefusals.frame("hello", "one alone"));
      return;
    }
    arrival.begin(
        new BodyLink(observer, hello, ticker.nanos(), hub::bodyWindow),
        () -> hub.forBody(workerId, hello),
        it -> it.home().bodyCame(it.link()),
        this::refuse);
  }

  private void frames(BodyFrames frames) {
    Optional<Arrived<BodyLink>> there = arrival.arrived();
    if (there.isPresent()) {
      there.get().home().frames(there.get().link(), frames);
      hub.makeRoom();
    } else {
      refuse(SessionRefusals.frame("frames", "hello first, then what follows the welcome"));
    }
  }

  private void refuse(Throwable why) {
    arrival.end();
    Optional<Arrived<BodyLink>> there = arrival.arrived();
    if (there.isPresent()) {
      there.get().home().bodyRefused(there.get().link(), why);
    } else {
      arrival
          .link()
          .ifPresentOrElse(
              link -> link.end(why), () -> observer.onError(StatusMapper.toStatus(why)));
    }
  }

  private void gone(boolean goodbye) {
    arrival.end();
    Optional<Arrived<BodyLink>> there = arrival.arrived();
    if (there.isPresent()) {
      there.get().home().bodyGone(there.get().link(), goodbye);
    } else if (goodbye) {
      observer.onCompleted();
    }
  }

  @Override
  public void onError(Throwable why) {
    gone(false);
  }

  @Override
  public void onCompleted() {
    gone(true);
  }
}
