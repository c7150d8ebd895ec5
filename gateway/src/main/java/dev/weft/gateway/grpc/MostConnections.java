package dev.weft.gateway.grpc;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Takes no more connections than so many: what fails here is closed. */
final class MostConnections extends ServerTransportFilter {

  private static final Attributes.Key<Boolean> COUNTED = Attributes.Key.create("weft-counted");

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  MostConnections(int most) {
    this.most = most;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      // Its own kind would be taken for a fault of ours.
      throw new IllegalStateException(
          "connections: too many",
          Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "connections: too many"));
    }
    return attributes.toBuilder().set(COUNTED, true).build();
  }

  /**
   * @param attributes none of a connection that never was ready
   */
  @Override
  public void transportTerminated(@Nullable Attributes attributes) {
    if (attributes != null && attributes.get(COUNTED) != null) {
      open.decrementAndGet();
    }
  }
}
