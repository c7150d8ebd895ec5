package dev.weft.platform.grpc;

import static dev.weft.platform.grpc.EchoMesh.call;
import static dev.weft.platform.grpc.EchoMesh.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(TlsEngine.class)
class MeshServerAttackTest {

  private final EchoMesh mesh;

  MeshServerAttackTest(TlsEngine engine) {
    mesh = new EchoMesh(engine, engine, "gateway");
  }

  @AfterEach
  void close() throws Exception {
    mesh.close();
  }

  @Test
  void allowedRoleIsLetInAndNamedByItsCertificate() {
    assertThat(call(mesh.channel("gateway", "gateway-7"))).isEqualTo("gateway/gateway-7");
  }

  @Test
  void workerIsDeniedAGatewaysService() {
    MeshProblem problem = refused(mesh.channel("worker", "wkr_1"));

    assertThat(problem.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(problem.is(MeshReason.ROLE_NOT_ALLOWED)).isTrue();
    assertThat(problem.metadata()).containsEntry("role", "worker");
  }

  @Test
  void aRoleClaimedInMetadataOrAuthorityCountsForNothing() {
    Metadata claims = new Metadata();
    for (String key : new String[] {"role", "weft-role", "x-role", "weft-peer", "peer"}) {
      claims.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), "gateway");
    }
    ManagedChannel worker = mesh.channel("worker", "wkr_1");

    MeshProblem problem =
        refused(
            ClientInterceptors.intercept(
                worker, MetadataUtils.newAttachHeadersInterceptor(claims)));

    assertThat(problem.code()).isEqualTo(Code.PERMISSION_DENIED);
  }

  @Test
  void withoutACertificateNobodyGetsIn() {
    assertHandshakeRefused(
        SslContextBuilder.forClient().trustManager(mesh.serverIdentity.trustManager()));
  }

  @Test
  void aCertificateOfAnotherCaIsRefused() {
    MeshIdentity stranger = new TestCa().identity("gateway", "gateway-0");

    assertHandshakeRefused(
        SslContextBuilder.forClient()
            .keyManager(stranger.keyManager())
            .trustManager(mesh.serverIdentity.trustManager()));
  }

  @Test
  void anExpiredCertificateIsRefused() {
    MeshIdentity expired =
        new MeshIdentity(
            mesh.ca
                .at(Instant.now().minus(Duration.ofDays(2)))
                .credentials("gateway", "gateway-0", Duration.ofDays(1)));

    assertHandshakeRefused(
        SslContextBuilder.forClient()
            .keyManager(expired.keyManager())
            .trustManager(mesh.serverIdentity.trustManager()));
  }

  @Test
  void tls12IsRefused() {
    MeshIdentity gateway = mesh.ca.identity("gateway", "gateway-0");

    assertThatThrownBy(() -> handshake(gateway, "TLSv1.2"))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("protocol_version");
  }

  @Test
  void plaintextIsRefused() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(EchoMesh.HOST, mesh.port())
            .negotiationType(NegotiationType.PLAINTEXT)
            .build();
    try {
      assertThat(refused(channel).code()).isEqualTo(Code.UNAVAILABLE);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aServerOfAnotherRoleIsNotBelieved() {
    ManagedChannel channel = mesh.channel(mesh.ca.identity("gateway", "gateway-0"), "registry");

    MeshProblem problem = refused(channel);

    assertThat(problem.code()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void aWorkersCertificateCannotServe() throws Exception {
    MeshServer impostor =
        MeshServer.builder(mesh.ca.identity("worker", "wkr_1")).start(EchoMesh.HOST, 0);
    MeshChannels channels = new MeshChannels(mesh.ca.identity("gateway", "gateway-0"));
    try {
      ManagedChannel channel = channels.open(EchoMesh.HOST + ":" + impostor.port(), "worker");

      assertThat(refused(channel).code()).isEqualTo(Code.UNAVAILABLE);
    } finally {
      channels.close();
      impostor.stopNow();
    }
  }

  @Test
  void anOversizedMessageIsRefusedAndTheConnectionLivesOn() {
    ManagedChannel channel = mesh.channel("gateway", "gateway-0");
    String largest = "x".repeat(8 << 20);

    assertThat(call(channel, largest)).startsWith("gateway");
    MeshProblem problem = refused(channel, largest + "x");

    assertThat(problem.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(call(channel)).startsWith("gateway");
  }

  @Test
  void aCompressedMessageIsRefusedUnread() {
    ManagedChannel channel = mesh.channel("gateway", "gateway-0");

    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    RawMethods.UNARY,
                    CallOptions.DEFAULT
                        .withCompression("gzip")
                        .withDeadlineAfter(10, TimeUnit.SECONDS),
                    "x".repeat(64 << 20)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED));
  }

  @Test
  void tooManyHeadersAreRefused() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("filler", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(64 << 10));
    ManagedChannel channel = mesh.channel("gateway", "gateway-0");

    assertThatThrownBy(
            () ->
                call(
                    ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers))))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(call(mesh.channel("gateway", "gateway-1"))).startsWith("gateway");
  }

  @Test
  void anUnknownMethodIsUnimplemented() {
    MethodDescriptor<String, String> unknown =
        RawMethods.UNARY.toBuilder().setFullMethodName("weft.none.v1.NoService/Nothing").build();

    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    mesh.channel("gateway", "gateway-0"),
                    unknown,
                    CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                    "x"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED));
  }

  @Test
  void healthIsServedToEveryCertificateAndTellsTheEnd() {
    HealthGrpc.HealthBlockingStub health =
        HealthGrpc.newBlockingStub(mesh.channel("worker", "wkr_1"))
            .withDeadlineAfter(10, TimeUnit.SECONDS);
    HealthCheckRequest service =
        HealthCheckRequest.newBuilder().setService(RawMethods.SERVICE).build();

    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(health.check(service).getStatus()).isEqualTo(ServingStatus.SERVING);
    mesh.server.stopTaking();
    assertThat(health.check(service).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void whoSaysNothingIsCutOff() throws Exception {
    MeshLimits defaults = MeshLimits.defaults();
    MeshLimits impatient =
        new MeshLimits(
            defaults.maxMessageBytes(),
            defaults.maxHeaderBytes(),
            defaults.maxCallsPerConnection(),
            defaults.maxResetsPer30s(),
            Duration.ofMillis(300),
            Duration.ofSeconds(5));
    try (EchoMesh strict = new EchoMesh(builder -> builder.limits(impatient), "gateway");
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), strict.port());
        Socket noise = new Socket(InetAddress.getLoopbackAddress(), strict.port())) {
      silent.setSoTimeout(10_000);
      noise.setSoTimeout(10_000);
      OutputStream out = noise.getOutputStream();
      out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();

      assertThat(drain(silent.getInputStream())).isZero();
      assertThat(drain(noise.getInputStream())).isLessThan(1_000);
      assertThat(call(strict.channel("gateway", "gateway-0"))).startsWith("gateway");
    }
  }

  private static int drain(InputStream in) throws Exception {
    int count = 0;
    try {
      while (in.read() >= 0) {
        count++;
      }
    } catch (SocketException e) {
      // Reset: cut off as well.
    }
    return count;
  }

  private void assertHandshakeRefused(SslContextBuilder tls) {
    Consumer<ManagedChannel> attempt =
        channel -> {
          MeshProblem problem = refused(channel);
          assertThat(problem.code()).isEqualTo(Code.UNAVAILABLE);
        };
    ManagedChannel channel = channel(tls);
    try {
      attempt.accept(channel);
      attempt.accept(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel(SslContextBuilder tls) {
    try {
      return NettyChannelBuilder.forAddress(EchoMesh.HOST, mesh.port())
          .overrideAuthority("router.weft")
          .sslContext(GrpcSslContexts.configure(tls).build())
          .build();
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  private void handshake(MeshIdentity identity, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {identity.keyManager()},
        new TrustManager[] {identity.trustManager()},
        new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(EchoMesh.HOST, mesh.port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
    }
  }
}
