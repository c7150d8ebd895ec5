package dev.weft.gateway.session;

import dev.weft.gateway.forward.Failures;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The receiving side of a client's stream: one message at a time. */
final class ClientStream implements StreamObserver<AttachRequest> {

  private final SessionHub hub;
  private final Ticker ticker;
  private final ServerCallStreamObserver<AttachResponse> observer;
  private @Nullable ClientLink link;
  private @Nullable AgentHome home;
  private boolean over;

  ClientStream(SessionHub hub, Ticker ticker, ServerCallStreamObserver<AttachResponse> observer) {
    this.hub = hub;
    this.ticker = ticker;
    this.observer = observer;
    observer.disableAutoRequest();
    observer.setOnReadyHandler(this::ready);
    observer.setOnCancelHandler(this::gone);
    observer.request(1);
  }

  @Override
  public void onNext(AttachRequest request) {
    @Nullable AgentHome at;
    @Nullable ClientLink known;
    synchronized (this) {
      at = home;
      known = link;
    }
    switch (request.getStepCase()) {
      case HELLO -> begin(request);
      case FRAME -> {
        if (at != null && known != null) {
          at.said(known, request.getFrame());
        }
      }
      case READ -> {
        if (at != null && known != null) {
          at.passedOn(known, request.getRead().getBytes());
        }
      }
      case STEP_NOT_SET -> observer.request(1);
    }
  }

  private void begin(AttachRequest request) {
    ClientLink made = new ClientLink(observer, request.getHello(), ticker.nanos());
    synchronized (this) {
      link = made;
    }
    CompletionStage<AgentHome> found;
    try {
      found = hub.forClient(request.getHello());
    } catch (RuntimeException e) {
      refuse(e);
      return;
    }
    found.whenComplete(
        (at, failure) -> {
          if (failure != null) {
            refuse(failure);
            return;
          }
          synchronized (this) {
            if (over) {
              return;
            }
            home = at;
          }
          at.clientCame(made);
        });
  }

  private void refuse(Throwable why) {
    synchronized (this) {
      over = true;
    }
    observer.onError(StatusMapper.toStatus(Failures.mapped(why)));
  }

  private void ready() {
    @Nullable AgentHome at;
    @Nullable ClientLink known;
    synchronized (this) {
      at = home;
      known = link;
    }
    if (at != null && known != null) {
      at.clientReady(known);
    }
  }

  private void gone() {
    @Nullable AgentHome at;
    @Nullable ClientLink known;
    synchronized (this) {
      over = true;
      at = home;
      known = link;
    }
    if (at != null && known != null) {
      at.clientGone(known);
    }
  }

  @Override
  public void onError(Throwable why) {
    gone();
  }

  @Override
  public void onCompleted() {
    boolean open;
    synchronized (this) {
      open = !over && (link == null || !link.over());
    }
    gone();
    if (open) {
      observer.onCompleted();
    }
  }
}
