package dev.weft.platform.grpc;

import static dev.weft.platform.grpc.EchoMesh.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TlsEngineTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void onLinuxTheNativeEngineIsTaken() {
    assertThat(OpenSsl.unavailabilityCause()).isNull();
    assertThat(TlsEngine.best()).isEqualTo(TlsEngine.NATIVE);
  }

  @ParameterizedTest
  @CsvSource({"NATIVE,NATIVE", "NATIVE,JDK", "JDK,NATIVE", "JDK,JDK"})
  void eachEngineSpeaksTls13WithEach(TlsEngine client, TlsEngine server) throws Exception {
    try (EchoMesh mesh = new EchoMesh(client, server, "gateway")) {
      ManagedChannel channel = mesh.channel("gateway", "gateway-7");

      assertThat(call(channel)).isEqualTo("gateway/gateway-7");
      SSLSession session = session(channel);
      assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
      assertThat(session.getCipherSuite()).isIn(TlsEngine.JDK.ciphers());
    }
  }

  /** A client that resumed one would not look at the certificate of a CA that it does not know. */
  @Test
  void theNativeEngineLetsNoSessionBeResumed() throws Exception {
    try (EchoMesh mesh = new EchoMesh(TlsEngine.NATIVE, TlsEngine.NATIVE, "gateway")) {
      SSLContext client = context(mesh.ca.identity("gateway", "gateway-0"));
      connect(client, mesh.port());

      mesh.serverIdentity.replace(new TestCa().credentials("router", "router-0"));

      assertThatThrownBy(() -> connect(client, mesh.port())).isInstanceOf(SSLException.class);
    }
  }

  private static SSLContext context(MeshIdentity identity) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {identity.keyManager()},
        new TrustManager[] {identity.trustManager()},
        new SecureRandom());
    return context;
  }

  /** Reads, so that what a server sends for a resumption has come. */
  private static void connect(SSLContext context, int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(EchoMesh.HOST, port)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8));
      assertThat(socket.getInputStream().read()).isNotNegative();
    }
  }

  private static SSLSession session(ManagedChannel channel) throws Exception {
    ClientCall<String, String> call = channel.newCall(RawMethods.UNARY, CallOptions.DEFAULT);
    CompletableFuture<Status> ended = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    call.sendMessage("hello");
    call.halfClose();
    call.request(2);
    assertThat(ended.get(10, TimeUnit.SECONDS).isOk()).isTrue();
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
  }
}
