package dev.weft.gateway.session;

import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The receiving side of a client's stream: one message at a time. */
final class ClientStream implements StreamObserver<AttachRequest> {

  private final ClientVisit visit;

  ClientStream(SessionHub hub, Ticker ticker, ServerCallStreamObserver<AttachResponse> observer) {
    this.visit = new ClientVisit(hub, ticker, new StreamOutlet(observer));
    observer.disableAutoRequest();
    observer.setOnReadyHandler(visit::ready);
    observer.setOnCancelHandler(visit::left);
    observer.request(1);
  }

  @Override
  public void onNext(AttachRequest request) {
    visit.said(request);
  }

  @Override
  public void onError(Throwable why) {
    visit.left();
  }

  @Override
  public void onCompleted() {
    visit.finished();
  }
}
