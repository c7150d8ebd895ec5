package dev.weft.gateway.session;

import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The receiving side of a client's stream: one message at a time. */
final class ClientStream implements StreamObserver<AttachRequest> {

  private final SessionHub hub;
  private final Ticker ticker;
  private final ServerCallStreamObserver<AttachResponse> observer;
  private final Arrival<ClientLink> arrival = new Arrival<>();

  ClientStream(SessionHub hub, Ticker ticker, ServerCallStreamObserver<AttachResponse> observer) {
    this.hub = hub;
    this.ticker = ticker;
    this.observer = observer;
    observer.disableAutoRequest();
    observer.setOnReadyHandler(
        () -> arrival.arrived().ifPresent(it -> it.home().clientReady(it.link())));
    observer.setOnCancelHandler(this::gone);
    observer.request(1);
  }

  @Override
  public void onNext(AttachRequest request) {
    switch (request.getStepCase()) {
      case HELLO -> hello(request.getHello());
      case FRAME ->
          arrival.arrived().ifPresent(it -> it.home().clientFrame(it.link(), request.getFrame()));
      case READ ->
          arrival
              .arrived()
              .ifPresent(it -> it.home().passedOn(it.link(), request.getRead().getBytes()));
      case STEP_NOT_SET -> observer.request(1);
    }
  }

  private void hello(AttachHello hello) {
    arrival.begin(
        new ClientLink(observer, hello, ticker.nanos()),
        () -> hub.forClient(hello),
        it -> it.home().clientCame(it.link()),
        this::refuse);
  }

  private void refuse(Throwable why) {
    arrival.end();
    observer.onError(StatusMapper.toStatus(why));
  }

  private void gone() {
    arrival.end();
    arrival.arrived().ifPresent(it -> it.home().clientGone(it.link()));
  }

  @Override
  public void onError(Throwable why) {
    gone();
  }

  @Override
  public void onCompleted() {
    boolean open = arrival.end() && arrival.link().map(link -> !link.over()).orElse(true);
    gone();
    if (open) {
      observer.onCompleted();
    }
  }
}
