package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.FakePlacer;
import dev.weft.gateway.testing.FakePlacer.Mishap;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.parts.FreePort;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.MeshIdentity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways whose neighbours fail. Each test has a neighbourhood of its own. */
class GatewayFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private Neighbourhood neighbourhood;

  @BeforeEach
  void settle() {
    neighbourhood = new Neighbourhood();
  }

  @AfterEach
  void leave() {
    neighbourhood.close();
  }

  @Test
  void withoutRedisEverythingGoesOnAndGuessingIsStillBounded() {
    try (GatewayProcess _ = start(neighbourhood.environment(), neighbourhood.httpPort)) {
      neighbourhood.redis.kill();

      assertThat(submit(neighbourhood.httpPort).statusCode()).isEqualTo(201);
      int status = 401;
      for (int i = 0; i < 40 && status == 401; i++) {
        status = request(neighbourhood.httpPort, "wft_guess" + i).get("/v1/tasks").statusCode();
      }
      assertThat(status).isEqualTo(429);
      assertThat(submit(neighbourhood.httpPort).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void withoutItsDatabaseItSaysSoAndComesBackByItself() {
    try (GatewayProcess _ = start(neighbourhood.environment(), neighbourhood.httpPort)) {
      assertThat(submit(neighbourhood.httpPort).statusCode()).isEqualTo(201);

      neighbourhood.database.server().kill();
      Response away = submit(neighbourhood.httpPort);
      // A token that was seen in the last seconds is still known.
      await().atMost(SOON).until(() -> submit(neighbourhood.httpPort).statusCode() == 503);
      Response refused = submit(neighbourhood.httpPort);
      neighbourhood.database.server().start();

      assertThat(away.statusCode()).isIn(201, 503);
      assertThat(refused.<String>path("reason")).isEqualTo("STORE_UNAVAILABLE");
      assertThat(refused.header("Retry-After")).isNotNull();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> submit(neighbourhood.httpPort).statusCode() == 201);
    }
  }

  @Test
  void aReplicaThatDoesNotHoldIsLeftForTheOneItNames() {
    FakePlacer second = new FakePlacer();
    MeshServer other =
        MeshServer.builder(neighbourhood.files.identity("router", "router-2"))
            .service(MeshService.of(second, "gateway"))
            .start("127.0.0.1", 0);
    try (GatewayProcess _ = start(neighbourhood.environment(), neighbourhood.httpPort)) {
      neighbourhood.placer.notHolderAddress = "127.0.0.1:" + other.port();
      neighbourhood.placer.mishaps.add(Mishap.NOT_HOLDER);

      assertThat(submit(neighbourhood.httpPort).statusCode()).isEqualTo(201);

      assertThat(second.submissions).hasSize(1);
      assertThat(neighbourhood.placer.submissions).isEmpty();
      assertThat(request(neighbourhood.httpPort).get("/v1/status").<String>path("roles[1].holder"))
          .isEqualTo("127.0.0.1:" + other.port());
    } finally {
      other.stop(Duration.ZERO);
    }
  }

  @Test
  void withoutAPlacerASubmissionWaitsAndThenSaysThatItWasNotTaken() {
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.put("WEFT_STATIC_ROUTER", "127.0.0.1:" + FreePort.find());
    environment.put("WEFT_SUBMIT_PATIENCE", "3s");
    try (GatewayProcess _ = start(environment, neighbourhood.httpPort)) {
      long start = System.nanoTime();
      Response refused = submit(neighbourhood.httpPort);

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.<String>path("reason")).isEqualTo("CELL_UNAVAILABLE");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
      assertThat(
              request(neighbourhood.httpPort).get("/v1/status").<Boolean>path("roles[1].available"))
          .isFalse();
    }
  }

  @Test
  void twoGatewaysAreOne() {
    Map<String, String> second = new HashMap<>(neighbourhood.environment());
    int http = FreePort.find();
    neighbourhood.files.certify("gateway-2");
    second.putAll(neighbourhood.files.environment("gateway-2"));
    second.put("QUARKUS_HTTP_PORT", Integer.toString(http));
    second.put("WEFT_PUBLIC_GRPC_PORT", Integer.toString(FreePort.find()));
    second.put("WEFT_MESH_PORT", Integer.toString(FreePort.find()));
    // Both at once: they migrate and let in the first tenant at the same time.
    try (GatewayProcess one = GatewayProcess.spawn(neighbourhood.environment());
        GatewayProcess two = GatewayProcess.spawn(second)) {
      one.awaitReady(neighbourhood.httpPort);
      two.awaitReady(http);
      String id = submit(neighbourhood.httpPort).path("task.id");
      assertThat(request(http).get("/v1/tasks/" + id).statusCode()).isEqualTo(200);
      Response token =
          request(neighbourhood.httpPort)
              .contentType("application/json")
              .body("{\"name\":\"both\",\"scopes\":[\"tasks.read\"]}")
              .post("/v1/tokens");
      String secret = token.path("secret");
      assertThat(request(http, secret).get("/v1/tasks").statusCode()).isEqualTo(200);

      request(neighbourhood.httpPort).delete("/v1/tokens/" + token.path("token.id"));

      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> request(http, secret).get("/v1/tasks").statusCode() == 401);
      one.close();
      assertThat(submit(http).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void aCertificateThatIsReplacedIsTakenUpWithoutARestart() throws Exception {
    try (GatewayProcess _ = start(neighbourhood.environment(), neighbourhood.httpPort)) {
      X509Certificate first = shown();

      X509Certificate second = neighbourhood.files.certify("gateway-1");

      assertThat(first).isNotEqualTo(second);
      await().atMost(SOON).until(() -> shown().equals(second));
      assertThat(submit(neighbourhood.httpPort).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void itStopsInOrderWhenItIsTold() {
    try (GatewayProcess process = start(neighbourhood.environment(), neighbourhood.httpPort)) {
      neighbourhood.placer.slowMillis = 500;
      Thread submitting = Thread.ofVirtual().start(() -> submit(neighbourhood.httpPort));
      await().atMost(SOON).until(() -> !neighbourhood.placer.batches.isEmpty());

      process.terminate();

      assertThat(process.awaitExit(SOON)).isIn(0, 143);
      assertThat(submitting.isInterrupted()).isFalse();
      assertThat(process.log())
          .containsSubsequence("step=stop taking", "step=deregister", "step=drain", "step=close")
          .doesNotContain("result=FAILED")
          .doesNotContain("result=TIMED_OUT");
      assertThat(neighbourhood.placer.submissions).hasSize(1);
    }
  }

  @Test
  void withoutTlsItOpensOnLoopbackOnly() {
    Map<String, String> open = new HashMap<>(neighbourhood.environment());
    open.put("QUARKUS_HTTP_HOST", "0.0.0.0");
    Map<String, String> unsaid = new HashMap<>(neighbourhood.environment());
    unsaid.remove("WEFT_PUBLIC_PLAINTEXT");

    try (GatewayProcess anywhere = GatewayProcess.spawn(open);
        GatewayProcess nowhere = GatewayProcess.spawn(unsaid)) {
      assertThat(anywhere.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(anywhere.log())
          .contains("without TLS on 0.0.0.0 (expected: a loopback address, or TLS)");
      assertThat(nowhere.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(nowhere.log()).contains("WEFT_PUBLIC_CERT_FILE");
    }
  }

  @Test
  void clientsThatGoAwayInTheMiddleCostNothing() throws Exception {
    try (GatewayProcess _ = start(neighbourhood.environment(), neighbourhood.httpPort)) {
      for (int i = 0; i < 1_000; i++) {
        abandon(i);
      }

      // With a leak of connections, sessions or places in the queue, one of these would hang or be
      // refused.
      for (int i = 0; i < 20; i++) {
        assertThat(request(neighbourhood.httpPort).get("/v1/tokens").statusCode()).isEqualTo(200);
        assertThat(submit(neighbourhood.httpPort).statusCode()).isEqualTo(201);
      }
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(metric("weft_gateway_submit_held")).isZero());
    }
  }

  /** What the mesh port shows to who dials now. */
  private X509Certificate shown() throws GeneralSecurityException, IOException {
    MeshIdentity caller = neighbourhood.files.identity("worker", "wkr_01k00000000000000000000000");
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {caller.keyManager()},
        new TrustManager[] {caller.trustManager()},
        new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", neighbourhood.meshPort)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Sends a request, as a client that hangs up some time later. */
  private void abandon(int number) throws IOException, InterruptedException {
    boolean submit = number % 2 == 0;
    String body = "{\"spec\":{\"noop\":{}}}";
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", neighbourhood.httpPort), 5000);
      String head =
          (submit ? "POST /v1/tasks" : "GET /v1/tokens")
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              // Now and then one that has to be looked up.
              + (number % 10 == 0 ? "wft_unknown" : neighbourhood.files.bearer)
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + (submit ? body.length() : 0)
              + "\r\n\r\n"
              + (submit ? body : "");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      Thread.sleep(ThreadLocalRandom.current().nextInt(4));
      socket.setSoLinger(true, 0);
    }
  }

  private double metric(String name) {
    String text =
        RestAssured.given()
            .baseUri("http://127.0.0.1:" + neighbourhood.httpPort)
            .get("/q/metrics")
            .asString();
    return text.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static GatewayProcess start(Map<String, String> environment, int port) {
    return GatewayProcess.spawn(environment).awaitReady(port);
  }

  private Response submit(int port) {
    return request(port)
        .contentType("application/json")
        .body("{\"spec\":{\"noop\":{}}}")
        .post("/v1/tasks");
  }

  private RequestSpecification request(int port) {
    return request(port, neighbourhood.files.bearer);
  }

  private static RequestSpecification request(int port, String secret) {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + port)
        .header("Authorization", "Bearer " + secret);
  }
}
