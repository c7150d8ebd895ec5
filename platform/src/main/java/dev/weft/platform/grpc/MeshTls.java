package dev.weft.platform.grpc;

import dev.weft.platform.security.MeshIdentity;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 with certificates on both sides. Whom either side believes is decided in Java, by the
 * identity's own managers and in each handshake, whichever engine does the rest.
 */
final class MeshTls {

  private static final String PROTOCOL = "TLSv1.3";

  /**
   * A resumed session skips the certificates, so one that the JDK gave out before a replacement of
   * the CA must not live long. Zero would mean for ever. The native engine gives out none.
   */
  private static final long SESSION_SECONDS = 1;

  private MeshTls() {}

  static SslContext server(MeshIdentity identity, TlsEngine engine) {
    return build(
        SslContextBuilder.forServer(identity.keyManager()).clientAuth(ClientAuth.REQUIRE),
        identity,
        engine);
  }

  static SslContext client(MeshIdentity identity, TlsEngine engine) {
    return build(SslContextBuilder.forClient().keyManager(identity.keyManager()), identity, engine);
  }

  private static SslContext build(
      SslContextBuilder builder, MeshIdentity identity, TlsEngine engine) {
    try {
      return engine.finished(
          GrpcSslContexts.configure(builder, engine.provider())
              .trustManager(identity.trustManager())
              .protocols(PROTOCOL)
              .ciphers(engine.ciphers())
              .sessionTimeout(SESSION_SECONDS)
              .build());
    } catch (SSLException e) {
      throw new IllegalStateException("TLS 1.3 by the engine " + engine, e);
    }
  }
}
