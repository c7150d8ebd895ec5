package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.StreamSink;
import dev.weft.platform.grpc.Lent;

/** For a sink that has written an item when it returns from it: gives back what was lent then. */
record Returning<T>(StreamSink<T> sink) implements StreamSink<Lent<T>> {

  @Override
  public void next(Lent<T> item) {
    try (item) {
      sink.next(item.message());
    }
  }

  @Override
  public void done() {
    sink.done();
  }

  @Override
  public void failed(RuntimeException why) {
    sink.failed(why);
  }
}
