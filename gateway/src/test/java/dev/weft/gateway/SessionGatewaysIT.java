package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.FakeBody;
import dev.weft.gateway.testing.GatewayProcess;
import dev.weft.gateway.testing.JoinedWorker;
import dev.weft.gateway.testing.Neighbourhood;
import dev.weft.gateway.testing.SessionClient;
import dev.weft.gateway.testing.Sessions;
import dev.weft.parts.FreePort;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions at two gateways of a small submit rate, of which one goes away. */
class SessionGatewaysIT {

  private static final int RATE = 5;
  private static final int BURST = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** What a stop waits for requests that do not end. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(15);

  private static Neighbourhood neighbourhood;
  private static Map<String, String> environment;
  private static GatewayProcess one;
  private static JoinedWorker worker;

  private Sessions sessions;
  private GatewayProcess two;
  private int httpOfTwo;
  private String meshOfTwo;

  @BeforeAll
  static void start() {
    neighbourhood = new Neighbourhood();
    neighbourhood.files.certify("gateway-2");
    environment = new HashMap<>(neighbourhood.environment());
    environment.put("WEFT_SUBMIT_RATE", Integer.toString(RATE));
    environment.put("WEFT_SUBMIT_BURST", Integer.toString(BURST));
    environment.put("WEFT_SESSION_PATIENCE", PATIENCE.toString());
    environment.put("WEFT_STOP_GRACE", STOP_GRACE.toString());
    one = GatewayProcess.spawn(environment).awaitReady(neighbourhood.httpPort);
    worker = JoinedWorker.join(neighbourhood);
  }

  @AfterAll
  static void stop() {
    one.close();
    neighbourhood.close();
  }

  @BeforeEach
  void startTheOther() {
    sessions = new Sessions(neighbourhood, worker);
    httpOfTwo = FreePort.find();
    int mesh = FreePort.find();
    Map<String, String> second = new HashMap<>(environment);
    second.putAll(neighbourhood.files.environment("gateway-2"));
    second.put("QUARKUS_HTTP_PORT", Integer.toString(httpOfTwo));
    second.put("WEFT_PUBLIC_GRPC_PORT", Integer.toString(FreePort.find()));
    second.put("WEFT_MESH_PORT", Integer.toString(mesh));
    two = GatewayProcess.spawn(second).awaitReady(httpOfTwo);
    meshOfTwo = awaitBeat(mesh);
  }

  @AfterEach
  void stopTheOther() throws Exception {
    sessions.close();
    two.close();
  }

  @Test
  void whoGoesToAnotherGatewayWithItsCursorGetsExactlyTheRest() {
    String agentId = agentAt(awaitBeat(neighbourhood.meshPort));
    FakeBody body = sessions.body(agentId, 1);
    SessionClient first = sessions.client(agentId, "");
    for (int i = 1; i <= 10; i++) {
      body.terminal("a" + i);
    }
    first.awaitLast("terminal", it -> it.getString("cursor").equals("1.10"));
    first.close();
    for (int i = 1; i <= 10; i++) {
      body.terminal("b" + i);
    }

    SessionClient second = sessions.client(httpOfTwo, agentId, "?cursor=1.10");

    second.awaitLast("terminal", it -> it.getString("text").equals("b10"));
    assertThat(second.cursors()).hasSize(10).startsWith("1.11").endsWith("1.20");
    assertThat(second.all("gap")).isEmpty();
    second.type("pwd\n");
    await().until(() -> body.typed().equals("pwd\n"));
  }

  @Test
  void aGatewayThatStopsSendsItsClientsToAnother() {
    String agentId = agentAt(awaitBeat(neighbourhood.meshPort));
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(httpOfTwo, agentId, "");
    body.terminal("a");
    client.awaitLast("terminal", it -> it.getString("text").equals("a"));

    long asked = System.nanoTime();
    two.terminate();

    assertThat(client.awaitClose()).isEqualTo(1001);
    two.awaitExit(Duration.ofSeconds(60));
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(STOP_GRACE);
    body.terminal("b");
    SessionClient again = sessions.client(agentId, "?cursor=1.1");
    again.awaitLast("terminal", it -> it.getString("text").equals("b"));
    assertThat(again.cursors()).containsExactly("1.2");
  }

  @Test
  void aGatewayThatStopsStillAnswersWhatItIsBeingAsked() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", httpOfTwo)) {
      OutputStream out = socket.getOutputStream();
      String head =
          """
          POST /v1/tasks HTTP/1.1
          Host: 127.0.0.1:%d
          Authorization: Bearer %s
          Content-Type: application/json
          Content-Length: 2

          {"""
              .formatted(httpOfTwo, neighbourhood.files.bearer);
      out.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      String agentId = agentAt(awaitBeat(neighbourhood.meshPort));
      SessionClient other = sessions.client(httpOfTwo, agentId, "");

      two.terminate();
      assertThat(other.awaitClose()).isEqualTo(1001);
      await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(two::runs);
      out.write('}');

      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 400 ");
    }
    two.awaitExit(Duration.ofSeconds(60));
  }

  @Test
  void whoseHomeCanNotBeReachedForAsLongAsIsWaitedIsToldToTryAgain() {
    String agentId = agentAt(meshOfTwo);
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    body.terminal("a");
    client.awaitLast("terminal", it -> it.getString("text").equals("a"));

    long since = System.nanoTime();
    two.close();

    assertThat(client.awaitClose(Duration.ofSeconds(60))).isEqualTo(1013);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThanOrEqualTo(PATIENCE);
  }

  @Test
  void commandsAndTicketsCostATokenOfTheTenantEachAndKeystrokesNone() {
    String agentId = agentAt(awaitBeat(neighbourhood.meshPort));
    FakeBody body = sessions.body(agentId, 1);
    SessionClient client = sessions.client(agentId, "");
    client.awaitLast("status", it -> it.getBoolean("connected") && it.getBoolean("writer"));
    int commands = 3 * BURST;

    for (int i = 0; i < commands; i++) {
      client.send(command("c" + i));
    }
    for (int i = 0; i < commands; i++) {
      client.type("k");
    }

    await().until(() -> client.all("receipt").size() + client.all("problem").size() == commands);
    await().until(() -> body.typed().length() == commands);
    JsonObject refused = client.all("problem").getLast();
    JsonObject problem = refused.getJsonObject("problem");
    assertThat(problem.getString("reason")).isEqualTo("SUBMIT_RATE");
    assertThat(Integer.parseInt(problem.getJsonObject("metadata").getString("throttle_delay_ms")))
        .isPositive();
    assertThat(body.commands).hasSameSizeAs(client.all("receipt"));
    String again = refused.getString("commandId");
    await()
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              client.send(command(again));
              return client.all("receipt").stream()
                  .anyMatch(it -> it.getString("commandId").equals(again));
            });

    assertTicketsAreRefused(agentId);
  }

  private static void assertTicketsAreRefused(String agentId) {
    await()
        .pollInterval(Duration.ZERO)
        .untilAsserted(
            () -> {
              Response answer = door().post("/v1/agents/" + agentId + ":ticket");
              assertThat(answer.statusCode()).isEqualTo(429);
              assertThat(answer.<String>path("reason")).isEqualTo("SUBMIT_RATE");
              assertThat(answer.header("Retry-After")).isNotNull();
            });
  }

  private static RequestSpecification door() {
    return RestAssured.given()
        .baseUri("http://127.0.0.1:" + neighbourhood.httpPort)
        .urlEncodingEnabled(false)
        .header("Authorization", "Bearer " + neighbourhood.files.bearer);
  }

  private static JsonObject command(String id) {
    return new JsonObject()
        .put("type", "command")
        .put("commandId", id)
        .put("argv", new JsonArray().add("true"));
  }

  /** An agent whose home is a gateway's mesh address; waits for the tenant's rate. */
  private String agentAt(String home) {
    AtomicReference<String> spawned = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> spawned.set(sessions.spawn()));
    neighbourhood.agents.move(spawned.get(), home);
    return spawned.get();
  }

  private static String awaitBeat(int meshPort) {
    String end = ":" + meshPort;
    await().until(() -> neighbourhood.agents.beats.stream().anyMatch(it -> it.endsWith(end)));
    return neighbourhood.agents.beats.stream()
        .filter(it -> it.endsWith(end))
        .findFirst()
        .orElseThrow();
  }
}
