package dev.weft.platform.grpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * Connections of the native engine. Each has a whole handshake: the engine would give out tickets
 * that are good for two days whatever the session's time is, and who brings one shows no
 * certificate. And each decrypts all records that have come at once: an engine that is not made for
 * Netty's handler stops after each one, and each would be a buffer of its own.
 */
final class NativeContext extends SslContext {

  private final SslContext context;

  NativeContext(SslContext context) {
    this.context = context;
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setSessionCacheEnabled(false);
    }
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return unresumed(context.newHandler(allocator));
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return unresumed(context.newHandler(allocator, peerHost, peerPort));
  }

  private static SSLEngine unresumed(SslHandler handler) {
    SSLEngine engine = handler.engine();
    if (engine instanceof ReferenceCountedOpenSslEngine open) {
      SSL.setOptions(open.sslPointer(), SSL.SSL_OP_NO_TICKET);
      return engine;
    }
    throw new IllegalArgumentException("engine: " + engine.getClass() + " (expected: OpenSSL's)");
  }

  @Override
  public boolean isClient() {
    return context.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return context.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own interface has no other type for it.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return context.applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return context.sessionContext();
  }
}
