package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.parts.FreePort;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How gateways begin and end, alone and two at once. Each test has a neighbourhood of its own. */
class GatewayLifeIT {

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
