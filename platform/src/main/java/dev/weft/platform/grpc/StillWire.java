package dev.weft.platform.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes the socket of a connection on which not a byte has come for longer than a ping and its
 * answer take. A ping that is not answered ends the calls, but leaves the socket to what is still
 * to be written there: gRPC's server does not flush the resets that it waits for, and a wire that
 * carries nothing takes nothing either, so the kernel would hold it for a quarter of an hour.
 */
final class StillWire extends IdleStateHandler {

  private StillWire() {
    super(MeshLimits.LONGEST_SILENCE.toMillis(), 0, 0, TimeUnit.MILLISECONDS);
  }

  /** Has every connection watched that the server accepts. */
  static ServerSocketChannel watched(ServerSocketChannel server) {
    server
        .pipeline()
        .addFirst(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object accepted) {
                ((Channel) accepted).pipeline().addFirst(new StillWire());
                context.fireChannelRead(accepted);
              }
            });
    return server;
  }

  /** Nothing is between it and the socket that could wait for a word of the other side. */
  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    context.close();
  }
}
