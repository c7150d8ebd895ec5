package dev.weft.platform.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyChannelCredentials;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;

/**
 * TLS connections whose HTTP/2 frames may be as large as a message of many bytes is. Frames of 16
 * KiB, which is as much as gRPC asks for, are cut, copied behind their headers and put together
 * again by both sides. Each side says with the connection's first call what it takes, and until it
 * has, the other keeps to 16 KiB; so do peers that know nothing of this.
 */
final class WideFrames {

  /** A chunk of a file or of a log and what stands before it, with room to spare. */
  static final int BYTES = 512 << 10;

  private static final int HTTPS = 443;

  private WideFrames() {}

  static ServerCredentials server(SslContext tls) {
    return InternalNettyServerCredentials.create(
        new Telling(InternalProtocolNegotiators.serverTls(tls)));
  }

  static ChannelCredentials client(SslContext tls) {
    return InternalNettyChannelCredentials.create(new Clients(tls));
  }

  private record Clients(SslContext tls) implements InternalProtocolNegotiator.ClientFactory {

    @Override
    public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator() {
      return new Telling(InternalProtocolNegotiators.tls(tls, null, null));
    }

    @Override
    public int getDefaultPort() {
      return HTTPS;
    }
  }

  private record Telling(InternalProtocolNegotiator.ProtocolNegotiator negotiator)
      implements InternalProtocolNegotiator.ProtocolNegotiator {

    @Override
    public AsciiString scheme() {
      return negotiator.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
      ChannelHandler first = negotiator.newHandler(http2);
      return new ChannelInboundHandlerAdapter() {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
          http2.connection().addListener(new Word(context.channel(), http2));
          context.pipeline().replace(this, null, first);
        }
      };
    }

    @Override
    public void close() {
      negotiator.close();
    }
  }

  /** Gone after the first call's: what the connection began with is written before any call. */
  private static final class Word extends Http2ConnectionAdapter {

    private final Channel channel;
    private final GrpcHttp2ConnectionHandler http2;
    private boolean said;

    Word(Channel channel, GrpcHttp2ConnectionHandler http2) {
      this.channel = channel;
      this.http2 = http2;
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
      ChannelHandlerContext context = channel.pipeline().context(http2);
      if (said || context == null) {
        return;
      }
      said = true;
      http2
          .encoder()
          .writeSettings(context, new Http2Settings().maxFrameSize(BYTES), context.newPromise());
    }
  }
}
