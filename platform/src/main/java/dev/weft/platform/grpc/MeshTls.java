package dev.weft.platform.grpc;

import dev.weft.platform.security.MeshIdentity;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 with certificates on both sides, by the JDK's own provider (which native images support).
 */
final class MeshTls {

  private static final String PROTOCOL = "TLSv1.3";
  private static final List<String> CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");

  /**
   * A resumed session skips the certificates, so one that was given out before a replacement of the
   * CA must not live long. Zero would mean for ever.
   */
  private static final long SESSION_SECONDS = 1;

  private MeshTls() {}

  static SslContext server(MeshIdentity identity) {
    return build(
        SslContextBuilder.forServer(identity.keyManager()).clientAuth(ClientAuth.REQUIRE),
        identity);
  }

  static SslContext client(MeshIdentity identity) {
    return build(SslContextBuilder.forClient().keyManager(identity.keyManager()), identity);
  }

  private static SslContext build(SslContextBuilder builder, MeshIdentity identity) {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK)
          .trustManager(identity.trustManager())
          .protocols(PROTOCOL)
          .ciphers(CIPHERS)
          .sessionTimeout(SESSION_SECONDS)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this JDK lacks TLS 1.3", e);
    }
  }
}
