package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.weft.cli.client.MeshApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The REST contract of dead letters: pages of two, each letter settled once. */
final class FakeLetters {
  static final String FIRST = "tsk_01k0000000000000000000000d";
  static final String SECOND = "tsk_01k0000000000000000000000e";
  static final String THIRD = "tsk_01k0000000000000000000000f";
  private static final int PAGE = 2;

  /** Letters in the queue and their reasons. */
  final Map<String, String> queue = new LinkedHashMap<>();

  /** What each redriven letter became. */
  final Map<String, String> redriven = new LinkedHashMap<>();

  /** After so many calls the token is not taken any more; negative: it stays good. */
  int tokenGoneAfter = -1;

  private final List<String> purged = new ArrayList<>();

  final List<JsonNode> bodies = new ArrayList<>();

  /** Letters that are not taken in. */
  final List<String> refused = new ArrayList<>();

  FakeLetters() {
    queue.put(FIRST, "EXIT_NONZERO");
    queue.put(SECOND, "POISON");
    queue.put(THIRD, "EXIT_NONZERO");
  }

  /** Empty when there is no such thing. */
  synchronized Optional<ObjectNode> answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    JsonNode body =
        bytes.length == 0 ? MeshApi.JSON.createObjectNode() : MeshApi.JSON.readTree(bytes);
    if (bytes.length > 0) {
      bodies.add(body);
    }
    if (path.equals("/v1/dead-letters")) {
      return Optional.of(list());
    }
    if (path.equals("/v1/dead-letters:redrive")) {
      return Optional.of(page(body, "results", true));
    }
    if (path.equals("/v1/dead-letters:purge")) {
      return Optional.of(page(body, "purged", false));
    }
    String id = path.replaceFirst("^/v1/dead-letters/", "").replaceFirst(":redrive$", "");
    if (!queue.containsKey(id) && !redriven.containsKey(id) && !purged.contains(id)) {
      return Optional.empty();
    }
    if (exchange.getRequestMethod().equals("DELETE")) {
      purged.add(id);
      return Optional.of(MeshApi.JSON.createObjectNode().put("purged", queue.remove(id) != null));
    }
    ObjectNode answer = MeshApi.JSON.createObjectNode();
    answer.set("redriven", redrive(id).path("redriven"));
    return Optional.of(answer);
  }

  private ObjectNode list() {
    ObjectNode answer = MeshApi.JSON.createObjectNode().put("nextPageToken", "");
    ArrayNode letters = answer.putArray("deadLetters");
    queue.forEach(
        (id, reason) ->
            letters
                .addObject()
                .put("taskId", id)
                .put("priorityClass", "PRIORITY_CLASS_P2")
                .put("endTime", "2026-01-02T03:04:05Z")
                .put("attempts", 2)
                .putObject("problem")
                .put("reason", reason)
                .put("message", "said so"));
    return answer;
  }

  private ObjectNode page(JsonNode body, String field, boolean redrive) {
    List<String> reasons = new ArrayList<>();
    body.path("filter").path("reasons").forEach(reason -> reasons.add(reason.asText()));
    String after = body.path("pageToken").asText("");
    List<String> matching =
        queue.entrySet().stream()
            .filter(letter -> reasons.isEmpty() || reasons.contains(letter.getValue()))
            .map(Map.Entry::getKey)
            .filter(id -> id.compareTo(after) > 0)
            .toList();
    List<String> met = matching.subList(0, Math.min(PAGE, matching.size()));
    ObjectNode answer =
        MeshApi.JSON
            .createObjectNode()
            .put("nextPageToken", met.size() < matching.size() ? met.getLast() : "");
    if (redrive) {
      ArrayNode results = answer.putArray(field);
      met.forEach(id -> results.add(redrive(id)));
    } else {
      answer.put("purgedCount", met.size());
      met.forEach(queue::remove);
    }
    return answer;
  }

  private ObjectNode redrive(String id) {
    ObjectNode result = MeshApi.JSON.createObjectNode().put("taskId", id);
    if (refused.contains(id)) {
      result.putObject("problem").put("reason", "QUEUE_FULL").put("message", "full");
      return result;
    }
    boolean existing = redriven.containsKey(id);
    redriven.putIfAbsent(id, id.replace("tsk_01", "tsk_02"));
    queue.remove(id);
    result.putObject("redriven").put("taskId", redriven.get(id)).put("existing", existing);
    return result;
  }
}
