package dev.weft.platform.grpc;

import static dev.weft.platform.grpc.EchoMesh.call;
import static dev.weft.platform.grpc.EchoMesh.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import dev.weft.platform.testing.SettableClock;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(TlsEngine.class)
class MeshServerReloadTest {

  private final TlsEngine engine;

  MeshServerReloadTest(TlsEngine engine) {
    this.engine = engine;
  }

  @Test
  void newHandshakesSeeTheServersNewCertificate() throws Exception {
    try (EchoMesh mesh = new EchoMesh(engine, engine, "gateway")) {
      MeshIdentity client = mesh.ca.identity("gateway", "gateway-0");
      BigInteger before = servedSerial(client, mesh.port());
      MeshCredentials fresh = mesh.ca.credentials("router", "router-0");

      mesh.serverIdentity.replace(fresh);

      assertThat(servedSerial(client, mesh.port()))
          .isEqualTo(fresh.chain().getFirst().getSerialNumber())
          .isNotEqualTo(before);
    }
  }

  @Test
  void callsAfterAReplacementGoOverANewConnectionWithTheNewCertificate() throws Exception {
    try (EchoMesh mesh = new EchoMesh(engine, engine, "gateway")) {
      Instant now = Instant.now();
      MeshIdentity client =
          new MeshIdentity(mesh.ca.credentials("gateway", "gateway-0", Duration.ofSeconds(2)));
      ManagedChannel channel = mesh.channel(client, "router");
      assertThat(call(channel)).isEqualTo("gateway/gateway-0");

      client.replace(mesh.ca.credentials("gateway", "gateway-0"));

      await().atMost(Duration.ofSeconds(10)).until(() -> Instant.now().isAfter(now.plusSeconds(4)));
      assertThat(call(channel)).isEqualTo("gateway/gateway-0");
    }
  }

  @Test
  void clientsOfTheFormerCaAreRefusedAfterItsReplacement() throws Exception {
    TestCa next = new TestCa();
    try (EchoMesh mesh = new EchoMesh(engine, engine, "gateway")) {
      MeshIdentity former = mesh.ca.identity("gateway", "gateway-0");
      MeshChannels channels = new MeshChannels(former, null, List.of(), engine);
      try {
        ManagedChannel before = channels.open(EchoMesh.HOST + ":" + mesh.port(), "router");
        assertThat(call(before)).startsWith("gateway");
        before.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);

        mesh.serverIdentity.replace(next.credentials("router", "router-0"));

        // A session that could be resumed lives for a second.
        await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(
                () -> {
                  ManagedChannel after = channels.open(EchoMesh.HOST + ":" + mesh.port(), "router");
                  try {
                    assertThat(refused(after).code()).isEqualTo(Code.UNAVAILABLE);
                  } finally {
                    after.shutdownNow();
                  }
                });
        assertThat(call(mesh.channel(next.identity("gateway", "gateway-1"), "router")))
            .isEqualTo("gateway/gateway-1");
      } finally {
        channels.close();
      }
    }
  }

  @Test
  void anEndedCertificateEndsCallsAndStreamsOfAnOpenConnection() throws Exception {
    SettableClock clock = new SettableClock(Instant.now());
    TestCa ca = new TestCa();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    MeshServer server =
        MeshServer.builder(ca.identity("router", "router-0"))
            .clock(clock)
            .tls(engine)
            .service(MeshService.of(RawMethods.stream(echo -> recorder(echo, heard)), "worker"))
            .start(EchoMesh.HOST, 0);
    MeshChannels channels =
        new MeshChannels(ca.identity("worker", "wkr_1"), null, List.of(), engine);
    try {
      ManagedChannel channel = channels.open(EchoMesh.HOST + ":" + server.port(), "router");
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      StreamObserver<String> stream =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(RawMethods.STREAM, CallOptions.DEFAULT), ending(ended));
      stream.onNext("before");
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("before");

      clock.advance(Duration.ofDays(2));
      stream.onNext("after");

      assertThat(
              StatusMapper.fromStatus(ended.get(10, TimeUnit.SECONDS))
                  .is(MeshReason.CERTIFICATE_EXPIRED))
          .isTrue();
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("<ended>");
      assertThat(heard).isEmpty();
      CompletableFuture<Throwable> again = new CompletableFuture<>();
      ClientCalls.asyncBidiStreamingCall(
          channel.newCall(RawMethods.STREAM, CallOptions.DEFAULT), ending(again));
      assertThat(StatusMapper.fromStatus(again.get(10, TimeUnit.SECONDS)).code())
          .isEqualTo(Code.UNAUTHENTICATED);
    } finally {
      channels.close();
      server.stopNow();
    }
  }

  @Test
  void aConnectionHasOnlySoManyCalls() throws Exception {
    MeshLimits defaults = MeshLimits.defaults();
    MeshLimits few =
        new MeshLimits(
            defaults.maxMessageBytes(),
            defaults.maxHeaderBytes(),
            2,
            defaults.maxResetsPer30s(),
            defaults.handshake(),
            defaults.maxConnectionIdle());
    TestCa ca = new TestCa();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    MeshServer server =
        MeshServer.builder(ca.identity("router", "router-0"))
            .limits(few)
            .service(MeshService.of(RawMethods.stream(echo -> recorder(echo, heard)), "worker"))
            .start(EchoMesh.HOST, 0);
    MeshChannels channels =
        new MeshChannels(ca.identity("worker", "wkr_1"), null, List.of(), engine);
    try {
      ManagedChannel channel = channels.open(EchoMesh.HOST + ":" + server.port(), "router");
      List<StreamObserver<String>> streams = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        streams.add(
            ClientCalls.asyncBidiStreamingCall(
                channel.newCall(RawMethods.STREAM, CallOptions.DEFAULT),
                ending(new CompletableFuture<>())));
        streams.get(i).onNext("call-" + i);
      }

      assertThat(List.of(take(heard), take(heard))).containsExactlyInAnyOrder("call-0", "call-1");
      assertThat(heard.poll(500, TimeUnit.MILLISECONDS)).isNull();
      streams.getFirst().onCompleted();
      assertThat(List.of(take(heard), take(heard))).containsExactlyInAnyOrder("<ended>", "call-2");
    } finally {
      channels.close();
      server.stopNow();
    }
  }

  @Test
  void stopLetsCallsUnderWayEnd() throws Exception {
    TestCa ca = new TestCa();
    CompletableFuture<StreamObserver<String>> pending = new CompletableFuture<>();
    MeshServer server =
        MeshServer.builder(ca.identity("router", "router-0"))
            .service(
                MeshService.of(
                    RawMethods.unary((request, observer) -> pending.complete(observer)), "worker"))
            .start(EchoMesh.HOST, 0);
    MeshChannels channels =
        new MeshChannels(ca.identity("worker", "wkr_1"), null, List.of(), engine);
    try {
      ManagedChannel channel = channels.open(EchoMesh.HOST + ":" + server.port(), "router");
      var answer =
          ClientCalls.futureUnaryCall(
              channel.newCall(RawMethods.UNARY, CallOptions.DEFAULT), "slow");
      StreamObserver<String> observer = pending.get(10, TimeUnit.SECONDS);
      Thread stopping = Thread.ofVirtual().start(() -> server.stop(Duration.ofSeconds(20)));

      await().untilAsserted(() -> assertThat(refused(channel).code()).isEqualTo(Code.UNAVAILABLE));
      observer.onNext("done");
      observer.onCompleted();

      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("done");
      assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
    } finally {
      channels.close();
      server.stopNow();
    }
  }

  private static String take(BlockingQueue<String> heard) throws InterruptedException {
    String message = heard.poll(10, TimeUnit.SECONDS);
    assertThat(message).isNotNull();
    return String.valueOf(message);
  }

  private static StreamObserver<String> recorder(
      StreamObserver<String> back, BlockingQueue<String> heard) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String message) {
        heard.add(message);
      }

      @Override
      public void onError(Throwable failure) {
        heard.add("<ended>");
      }

      @Override
      public void onCompleted() {
        heard.add("<ended>");
        back.onCompleted();
      }
    };
  }

  private static StreamObserver<String> ending(CompletableFuture<Throwable> ended) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String message) {}

      @Override
      public void onError(Throwable failure) {
        ended.complete(failure);
      }

      @Override
      public void onCompleted() {
        ended.complete(new AssertionError("the stream ended well"));
      }
    };
  }

  private static BigInteger servedSerial(MeshIdentity client, int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {client.keyManager()},
        new TrustManager[] {client.trustManager()},
        new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(EchoMesh.HOST, port)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8));
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }
}
