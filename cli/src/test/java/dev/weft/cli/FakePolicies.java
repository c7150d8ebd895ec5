package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The contract's policies behind {@link FakeGateway}: a version follows the one that it names. */
final class FakePolicies {
  private final List<ObjectNode> versions = new ArrayList<>();
  private final List<JsonNode> changes = new ArrayList<>();

  /** What was asked for, in its order. */
  synchronized List<JsonNode> changes() {
    return List.copyOf(changes);
  }

  synchronized void answer(HttpExchange exchange, String path) throws IOException {
    ObjectNode answer = MeshApi.JSON.createObjectNode();
    if (path.startsWith("/v1/placement/policies")) {
      ArrayNode all = answer.put("nextPageToken", "").putArray("policies");
      versions.reversed().forEach(all::add);
    } else if (exchange.getRequestMethod().equals("PUT")) {
      JsonNode change = MeshApi.JSON.readTree(exchange.getRequestBody().readAllBytes());
      changes.add(change);
      if (change.path("expectedVersion").asInt() != versions.size()) {
        send(exchange, 409, answer.put("reason", "POLICY_CHANGED").put("detail", detail(change)));
        return;
      }
      versions.add(made(change));
      answer.set("policy", versions.getLast());
    } else {
      int version = Integer.parseInt(path.replaceFirst("^[^=]*=?", "0"));
      answer.set("policy", version == 0 ? inForce() : versions.get(version - 1));
    }
    send(exchange, 200, answer);
  }

  private ObjectNode inForce() {
    return versions.isEmpty() ? configured() : versions.getLast();
  }

  private static ObjectNode configured() {
    ObjectNode policy = MeshApi.JSON.createObjectNode().put("version", 0).put("name", "standard-1");
    ArrayNode weights = policy.putArray("weights");
    for (int i = 0; i <= 6; i++) {
      weights
          .addObject()
          .put("priorityClass", "PRIORITY_CLASS_P" + i)
          .put("capability", 0.4)
          .put("load", 0.3)
          .put("latency", 0.2)
          .put("cost", 0.1);
    }
    policy
        .putArray("algorithms")
        .addObject()
        .put("executor", "llm")
        .put("priorityClass", "PRIORITY_CLASS_UNSPECIFIED")
        .put("algorithm", "LEAST_CONNECTIONS");
    return policy;
  }

  private ObjectNode made(JsonNode change) {
    int version = versions.size() + 1;
    ObjectNode policy =
        MeshApi.JSON
            .createObjectNode()
            .put("version", version)
            .put("name", "placement-" + version)
            .put("author", "acme/ops")
            .put("createTime", "2026-01-02T03:04:05Z")
            .put("comment", change.path("comment").asText());
    policy.set("weights", change.path("weights"));
    policy.set("algorithms", change.path("algorithms"));
    return policy;
  }

  private String detail(JsonNode change) {
    return "expected_version: %s (expected: %d, which is in force)"
        .formatted(change.path("expectedVersion").asText(), versions.size());
  }

  private static void send(HttpExchange exchange, int status, ObjectNode answer)
      throws IOException {
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
