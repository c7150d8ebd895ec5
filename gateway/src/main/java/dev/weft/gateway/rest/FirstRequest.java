package dev.weft.gateway.rest;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes an HTTP connection on which no request's head was complete in time. Netty finds it as a
 * service and shows it every connection that is taken; HTTP servers have no such bound themselves,
 * and idleness is none, for a byte now and then ends it.
 */
public final class FirstRequest extends ChannelInitializerExtension {

  private static final long PATIENCE_SECONDS = 10;
  private static final AttributeKey<Boolean> CAME = AttributeKey.valueOf("weft.first-request");

  static void came(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase connection) {
      connection.channel().attr(CAME).set(true);
    }
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel.pipeline().addLast(new Start());
  }

  /** Before it is added to an event loop a connection can't be given a timer. */
  private static final class Start extends ChannelInboundHandlerAdapter {

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      Channel channel = context.channel();
      context.executor().schedule(() -> check(channel), PATIENCE_SECONDS, TimeUnit.SECONDS);
      context.pipeline().remove(this);
    }
  }

  private static void check(Channel channel) {
    if (isHttp(channel) && !channel.hasAttr(CAME)) {
      channel.close();
    }
  }

  private static boolean isHttp(Channel channel) {
    VertxHandler<?> handler = channel.pipeline().get(VertxHandler.class);
    return handler != null && handler.getConnection() instanceof HttpServerConnection;
  }
}
