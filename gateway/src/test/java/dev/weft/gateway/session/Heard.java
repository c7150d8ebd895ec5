package dev.weft.gateway.session;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;

/** A stream's sending side that keeps what is sent. */
final class Heard<T> extends ServerCallStreamObserver<T> {

  final List<T> all = new ArrayList<>();
  boolean ready = true;
  int requested;

  @Override
  public void onNext(T value) {
    all.add(value);
  }

  @Override
  public void onError(Throwable why) {}

  @Override
  public void onCompleted() {}

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {}

  @Override
  public void request(int count) {
    requested += count;
  }

  @Override
  public void setMessageCompression(boolean enable) {}

  @Override
  public void disableAutoInboundFlowControl() {}
}
