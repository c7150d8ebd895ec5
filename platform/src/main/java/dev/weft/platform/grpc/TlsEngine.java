package dev.weft.platform.grpc;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import java.util.List;

/** Whose code does the mesh's TLS. What is spoken and who is believed is the same with each. */
enum TlsEngine {
  /** BoringSSL, outside of Java. It has one list for TLS 1.3 and takes no other. */
  NATIVE(
      SslProvider.OPENSSL,
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")),

  /** The JDK's own: everywhere, native images too. */
  JDK(SslProvider.JDK, List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"));

  private final SslProvider provider;
  private final List<String> ciphers;

  TlsEngine(SslProvider provider, List<String> ciphers) {
    this.provider = provider;
    this.ciphers = ciphers;
  }

  /**
   * The native one where there is a library for this machine that loads. With {@code
   * -Dio.netty.handler.ssl.noOpenSsl=true} it is not looked for.
   */
  static TlsEngine best() {
    boolean there =
        OpenSsl.isAvailable()
            && SslProvider.isAlpnSupported(SslProvider.OPENSSL)
            && SslProvider.isTlsv13Supported(SslProvider.OPENSSL);
    return there ? NATIVE : JDK;
  }

  SslProvider provider() {
    return provider;
  }

  List<String> ciphers() {
    return ciphers;
  }

  /** The context as the mesh uses it. */
  SslContext finished(SslContext context) {
    return this == NATIVE ? new NativeContext(context) : context;
  }
}
