package dev.weft.e2e.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Agents over the public REST door and the public WebSocket, of any gateway that answers. */
public final class AgentDoor {

  public static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = 100_000_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalMesh mesh;

  public AgentDoor(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** What the gateway said, whatever it was. */
  public record Answer(int status, JsonNode body) {}

  /** The whole answer: agent, sessionUrl, ticket. */
  public JsonNode spawn(ObjectNode spec) {
    ObjectNode request = JSON.createObjectNode().put("requestId", UUID.randomUUID().toString());
    request.set("spec", spec);
    return ok("POST", "/v1/agents", request.toString());
  }

  /** The id of a new agent that runs. */
  public String running(ObjectNode spec) {
    String id = spawn(spec).path("agent").path("agentId").asText();
    await(id, "RUNNING");
    return id;
  }

  /** As it is now. */
  public JsonNode get(String id) {
    return ok("GET", "/v1/agents/" + id, "").path("agent");
  }

  /** One of hibernate, wake, terminate. */
  public JsonNode steer(String id, String wish) {
    return ok("POST", "/v1/agents/" + id + ":" + wish, "{}").path("agent");
  }

  /** As it is when it is in this state. */
  public JsonNode await(String id, String state) {
    return await(id, "is " + state, agent -> agent.path("state").asText().endsWith("_" + state));
  }

  public JsonNode await(String id, String what, Predicate<JsonNode> condition) {
    return Awaitility.await(what).atMost(LIFE).until(() -> get(id), condition);
  }

  /** A ticket that lets one WebSocket in. */
  public String ticket(String id) {
    return ok("POST", "/v1/agents/" + id + ":ticket", "{}").path("ticket").path("ticket").asText();
  }

  /** Where a session is at one gateway. */
  public URI session(int replica, String id, String query) {
    String rest = mesh.rest(replica).replaceFirst("^http", "ws");
    return URI.create(rest + "/v1/agents/" + id + "/session" + query);
  }

  /** A writer's view with a bearer token, after the cursor; all that is kept without one. */
  public AgentSocket attach(int replica, String id, String cursor) {
    return AgentSocket.open(
        session(replica, id, cursor.isEmpty() ? "" : "?cursor=" + cursor),
        Map.of("Authorization", "Bearer " + mesh.token()));
  }

  /** One try at the first gateway, with any token. */
  public Answer call(String method, String path, String body, String token) {
    try {
      return send(0, method, path, body, token);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private JsonNode ok(String method, String path, String body) {
    Instant end = Instant.now().plus(PATIENCE);
    for (int turn = 0; ; turn++) {
      String fault;
      try {
        Answer answer = send(turn % 2, method, path, body, mesh.token());
        if (answer.status() < 300) {
          return answer.body();
        }
        fault = answer.toString();
        if (answer.status() != 503 && answer.status() != 429) {
          throw new AssertionError("%s %s: %s".formatted(method, path, answer));
        }
      } catch (IOException e) {
        fault = e.toString();
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("%s %s: %s".formatted(method, path, fault));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private Answer send(int replica, String method, String path, String body, String token)
      throws IOException {
    HttpRequest.BodyPublisher sent =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(mesh.rest(replica) + path))
            .timeout(Duration.ofSeconds(15))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, sent)
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
