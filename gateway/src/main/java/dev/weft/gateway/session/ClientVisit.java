package dev.weft.gateway.session;

import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;

/**
 * One client at this gateway's homes, by whichever way it came: one thing that it says at a time.
 */
final class ClientVisit {

  private final SessionHub hub;
  private final Ticker ticker;
  private final ClientOutlet outlet;
  private final Arrival<ClientLink> arrival = new Arrival<>();

  ClientVisit(SessionHub hub, Ticker ticker, ClientOutlet outlet) {
    this.hub = hub;
    this.ticker = ticker;
    this.outlet = outlet;
  }

  void said(AttachRequest request) {
    switch (request.getStepCase()) {
      case HELLO -> hello(request.getHello());
      case FRAME ->
          arrival.arrived().ifPresent(it -> it.home().clientFrame(it.link(), request.getFrame()));
      case READ ->
          arrival
              .arrived()
              .ifPresent(it -> it.home().passedOn(it.link(), request.getRead().getBytes()));
      case STEP_NOT_SET -> outlet.request(1);
    }
  }

  private void hello(AttachHello hello) {
    arrival.begin(
        new ClientLink(outlet, hello, ticker.nanos(), hub::clientWindow),
        () -> hub.forClient(hello),
        it -> it.home().clientCame(it.link()),
        this::refuse);
  }

  private void refuse(Throwable why) {
    arrival.end();
    outlet.fail(why);
  }

  /** Its way takes more. */
  void ready() {
    arrival.arrived().ifPresent(it -> it.home().clientReady(it.link()));
  }

  /** It is not here any more. */
  void left() {
    arrival.end();
    arrival.arrived().ifPresent(it -> it.home().clientGone(it.link()));
  }

  /** It says nothing more, and is told nothing more. */
  void finished() {
    boolean open = arrival.end() && arrival.link().map(link -> !link.over()).orElse(true);
    left();
    if (open) {
      outlet.complete();
    }
  }
}
