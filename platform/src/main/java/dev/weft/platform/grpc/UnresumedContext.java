package dev.weft.platform.grpc;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLEngine;

/**
 * Connections of the native engine, each with a whole handshake. It would give out tickets that are
 * good for two days whatever the session's time is, and who brings one shows no certificate.
 */
final class UnresumedContext extends DelegatingSslContext {

  UnresumedContext(SslContext context) {
    super(context);
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setSessionCacheEnabled(false);
    }
  }

  @Override
  protected void initEngine(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine open) {
      SSL.setOptions(open.sslPointer(), SSL.SSL_OP_NO_TICKET);
      return;
    }
    throw new IllegalArgumentException("engine: " + engine.getClass() + " (expected: OpenSSL's)");
  }
}
