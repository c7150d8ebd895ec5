package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.FakePlacer;
import dev.weft.gateway.testing.FakePlacer.Mishap;
import dev.weft.gateway.testing.GatewayMetrics;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.MeshIdentity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway whose neighbours fail, and come back. */
class GatewayFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static Neighbourhood neighbourhood;
  private static GatewayProcess gateway;

  @BeforeAll
  static void start() {
    neighbourhood = new Neighbourhood();
    Map<String, String> environment = new HashMap<>(neighbourhood.environment());
    environment.put("WEFT_SUBMIT_PATIENCE", "3s");
    gateway = GatewayProcess.spawn(environment).awaitReady(neighbourhood.httpPort);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    neighbourhood.close();
  }

  @Test
  void withoutRedisEverythingGoesOnAndGuessingIsStillBounded() {
    neighbourhood.redis.kill();
    try {
      assertThat(submit().statusCode()).isEqualTo(201);
      int status = 401;
      for (int i = 0; i < 40 && status == 401; i++) {
        status = request("wft_guess" + i).get("/v1/tasks").statusCode();
      }
      assertThat(status).isEqualTo(429);
      assertThat(submit().statusCode()).isEqualTo(201);
    } finally {
      neighbourhood.redis.start();
    }
  }

  @Test
  void withoutItsDatabaseItSaysSoAndComesBackByItself() {
    assertThat(submit().statusCode()).isEqualTo(201);

    neighbourhood.database.server().kill();
    Response away = submit();
    // A token that was seen in the last seconds is still known.
    await().atMost(SOON).until(() -> submit().statusCode() == 503);
    Response refused = submit();
    neighbourhood.database.server().start();

    assertThat(away.statusCode()).isIn(201, 503);
    assertThat(refused.<String>path("reason")).isEqualTo("STORE_UNAVAILABLE");
    assertThat(refused.header("Retry-After")).isNotNull();
    await().atMost(Duration.ofSeconds(10)).until(() -> submit().statusCode() == 201);
  }

  @Test
  void aReplicaThatDoesNotHoldIsLeftForTheOneItNames() {
    FakePlacer second = new FakePlacer();
    MeshServer other =
        MeshServer.builder(neighbourhood.files.identity("router", "router-2"))
            .service(MeshService.of(second, "gateway"))
            .start("127.0.0.1", 0);
    int before = neighbourhood.placer.submissions.size();
    try {
      neighbourhood.placer.notHolderAddress = "127.0.0.1:" + other.port();
      neighbourhood.placer.mishaps.add(Mishap.NOT_HOLDER);

      assertThat(submit().statusCode()).isEqualTo(201);

      assertThat(second.submissions).hasSize(1);
      assertThat(neighbourhood.placer.submissions).hasSize(before);
      assertThat(request().get("/v1/status").<String>path("roles[1].holder"))
          .isEqualTo("127.0.0.1:" + other.port());
    } finally {
      other.stop(Duration.ZERO);
    }
    assertThat(submit().statusCode()).isEqualTo(201);
    assertThat(neighbourhood.placer.submissions).hasSize(before + 1);
  }

  @Test
  void withoutThePlacerTheLastTierCountsAndAnUnknownTenantIsNotLetThrough() {
    String stranger = Tenants.stranger(neighbourhood);
    assertThat(tokens(neighbourhood.files.bearer).statusCode()).isEqualTo(200);
    neighbourhood.killRouter();
    try {
      Response known = tokens(neighbourhood.files.bearer);
      Response unknown = tokens(stranger);

      assertThat(known.statusCode()).isEqualTo(200);
      assertThat(known.<String>path("tier")).isEqualTo("TIER_PREMIUM");
      assertThat(unknown.statusCode()).isEqualTo(503);
      assertThat(unknown.<String>path("reason")).isEqualTo("CELL_UNAVAILABLE");
    } finally {
      neighbourhood.startRouter();
    }
    await().atMost(SOON).until(() -> tokens(stranger).statusCode() == 200);
  }

  private static Response tokens(String secret) {
    return request(secret)
        // A colon in a path is a colon.
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .body("{\"resource\": \"RATED_RESOURCE_LLM_TOKENS\", \"amount\": 1}")
        .post("/v1/limits:acquire");
  }

  @Test
  void withoutAPlacerASubmissionWaitsAndThenSaysThatItWasNotTaken() {
    neighbourhood.killRouter();
    try {
      long start = System.nanoTime();
      Response refused = submit();

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.<String>path("reason")).isEqualTo("CELL_UNAVAILABLE");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
      assertThat(request().get("/v1/status").<Boolean>path("roles[1].available")).isFalse();
    } finally {
      neighbourhood.startRouter();
    }
    await().atMost(SOON).until(() -> submit().statusCode() == 201);
  }

  @Test
  void aCertificateThatIsReplacedIsTakenUpWithoutARestart() throws Exception {
    X509Certificate first = shown();

    X509Certificate second = neighbourhood.files.certify("gateway-1");

    assertThat(first).isNotEqualTo(second);
    await().atMost(SOON).until(() -> shown().equals(second));
    assertThat(submit().statusCode()).isEqualTo(201);
  }

  @Test
  void clientsThatGoAwayInTheMiddleCostNothing() {
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Void>> left =
          IntStream.range(0, 1_000)
              .mapToObj(number -> CompletableFuture.runAsync(() -> abandon(number), clients))
              .toList();
      left.forEach(CompletableFuture::join);
    }

    // The last of them are noticed a moment later. With a leak of connections, sessions or places
    // in
    // the queue, one of these would hang or be refused for good.
    await().atMost(SOON).until(() -> request().get("/v1/tokens").statusCode() == 200);
    for (int i = 0; i < 20; i++) {
      assertThat(request().get("/v1/tokens").statusCode()).isEqualTo(200);
      assertThat(submit().statusCode()).isEqualTo(201);
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(GatewayMetrics.sum(neighbourhood.httpPort, "weft_gateway_submit_held"))
                    .isZero());
  }

  /** What the mesh port shows to who dials now. */
  private static X509Certificate shown() throws GeneralSecurityException, IOException {
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
  private static void abandon(int number) {
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private static Response submit() {
    return request()
        .contentType("application/json")
        .body("{\"spec\":{\"noop\":{}}}")
        .post("/v1/tasks");
  }

  private static RequestSpecification request() {
    return request(neighbourhood.files.bearer);
  }

  private static RequestSpecification request(String secret) {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + neighbourhood.httpPort)
        .header("Authorization", "Bearer " + secret);
  }
}
