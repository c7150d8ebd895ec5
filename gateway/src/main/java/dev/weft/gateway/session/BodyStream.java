package dev.weft.gateway.session;

import dev.weft.gateway.forward.Failures;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.BodyRequest;
import dev.weft.proto.internal.session.v1.BodyResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The receiving side of a body's stream: one message at a time. */
final class BodyStream implements StreamObserver<BodyRequest> {

  private final SessionHub hub;
  private final String workerId;
  private final Ticker ticker;
  private final ServerCallStreamObserver<BodyResponse> observer;
  private @Nullable BodyLink link;
  private @Nullable AgentHome home;
  private boolean over;

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
    observer.setOnReadyHandler(this::ready);
    observer.setOnCancelHandler(() -> gone(false));
    observer.request(1);
  }

  @Override
  public void onNext(BodyRequest request) {
    @Nullable AgentHome at;
    @Nullable BodyLink known;
    synchronized (this) {
      at = home;
      known = link;
    }
    switch (request.getStepCase()) {
      case HELLO -> {
        if (known == null) {
          begin(request);
        } else {
          refuse(SessionRefusals.frame("hello", "one alone"));
        }
      }
      case FRAMES -> {
        if (at != null && known != null) {
          at.frames(known, request.getFrames());
          hub.makeRoom();
        } else {
          refuse(SessionRefusals.frame("frames", "hello first, then what follows the welcome"));
        }
      }
      case STEP_NOT_SET -> refuse(SessionRefusals.frame("nothing", "hello or frames"));
    }
  }

  private void begin(BodyRequest request) {
    BodyLink made = new BodyLink(observer, request.getHello(), ticker.nanos());
    synchronized (this) {
      link = made;
    }
    CompletionStage<AgentHome> found;
    try {
      found = hub.forBody(workerId, request.getHello());
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
          at.bodyCame(made);
        });
  }

  private void refuse(Throwable why) {
    Throwable seen = Failures.mapped(why);
    @Nullable AgentHome at;
    @Nullable BodyLink known;
    synchronized (this) {
      over = true;
      at = home;
      known = link;
    }
    if (known == null) {
      observer.onError(StatusMapper.toStatus(seen));
    } else if (at == null) {
      known.end(seen);
    } else {
      at.bodyRefused(known, seen);
    }
  }

  private void ready() {
    @Nullable AgentHome at;
    synchronized (this) {
      at = home;
    }
    if (at != null) {
      at.bodyReady();
    }
  }

  private void gone(boolean goodbye) {
    @Nullable AgentHome at;
    @Nullable BodyLink known;
    synchronized (this) {
      over = true;
      at = home;
      known = link;
    }
    if (at != null && known != null) {
      at.bodyGone(known, goodbye);
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
