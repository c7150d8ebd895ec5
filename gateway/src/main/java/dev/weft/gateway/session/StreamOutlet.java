package dev.weft.gateway.session;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.session.v1.AttachResponse;
import io.grpc.stub.CallStreamObserver;

/** Speaks to a client that is at another gateway. */
record StreamOutlet(CallStreamObserver<AttachResponse> observer) implements ClientOutlet {

  @Override
  public void deliver(AttachResponse step) {
    observer.onNext(step);
  }

  @Override
  public boolean takesMore() {
    return observer.isReady();
  }

  @Override
  public void request(int more) {
    observer.request(more);
  }

  @Override
  public void fail(Throwable why) {
    observer.onError(StatusMapper.toStatus(why));
  }

  @Override
  public void complete() {
    observer.onCompleted();
  }
}
