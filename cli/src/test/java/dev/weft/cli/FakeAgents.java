package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Agents of the REST contract; states are what a test says. */
final class FakeAgents {
  static final String FIRST = "agt_01k0000000000000000000000a";

  static final String FORK = "agt_01k0000000000000000000000f";

  private final Map<String, ObjectNode> agents = new LinkedHashMap<>();
  private final Map<String, String> memory = new LinkedHashMap<>();
  private final Deque<String> next = new ArrayDeque<>();
  private final List<JsonNode> spawned = new CopyOnWriteArrayList<>();
  private final List<String> steered = new CopyOnWriteArrayList<>();

  /** One that is there already. */
  synchronized FakeAgents add(String id, String name, String state) {
    ObjectNode agent =
        MeshApi.JSON
            .createObjectNode()
            .put("agentId", id)
            .put("state", "AGENT_STATE_" + state)
            .put("stateSince", "2026-11-22T08:00:00Z")
            .put("body", 1)
            .put("workerId", "wkr_1")
            .put("queuedCommands", 0);
    agent.putObject("spec").put("displayName", name);
    agents.put(id, agent);
    return this;
  }

  /** Its states at the next look-ups. */
  synchronized void become(String... states) {
    next.addAll(List.of(states));
  }

  synchronized ObjectNode agent(String id) {
    return agents.get(id);
  }

  List<JsonNode> spawned() {
    return spawned;
  }

  /** What was wished of whom, with the body of the request. */
  List<String> steered() {
    return steered;
  }

  /** Empty: no such agent. */
  synchronized Optional<JsonNode> answer(String method, String path, JsonNode body) {
    if (path.equals("/v1/agents")) {
      spawned.add(body);
      add(FIRST, body.path("spec").path("displayName").asText(""), "PENDING");
      return Optional.of(wrapped(FIRST));
    }
    if (path.startsWith("/v1/agents?")) {
      return Optional.of(page(path));
    }
    if (path.contains("/memory")) {
      return remembered(method, path.replaceFirst(".*/memory/?", ""), body);
    }
    String id = path.substring("/v1/agents/".length()).replaceFirst(":.*", "");
    if (!agents.containsKey(id)) {
      return Optional.empty();
    }
    if (method.equals("POST")) {
      String verb = path.substring(path.indexOf(':') + 1);
      steered.add(verb + " " + id + " " + body);
      if (verb.equals("snapshot")) {
        return Optional.of(
            MeshApi.JSON.createObjectNode().set("snapshot", agents.get(id).path("snapshot")));
      }
      if (verb.equals("fork")) {
        add(FORK, body.path("displayName").asText(""), "PENDING").agent(FORK).put("forkedFrom", id);
        return Optional.of(wrapped(FORK));
      }
    } else if (!next.isEmpty()) {
      agents.get(id).put("state", "AGENT_STATE_" + next.remove());
    }
    return Optional.of(wrapped(id));
  }

  private Optional<JsonNode> remembered(String method, String key, JsonNode body) {
    ObjectNode answer = MeshApi.JSON.createObjectNode();
    switch (method) {
      case "PUT" -> memory.put(key, body.path("value").asText());
      case "DELETE" -> memory.remove(key);
      default -> {
        if (key.isEmpty()) {
          ArrayNode entries = answer.putArray("entries");
          memory.keySet().forEach(each -> entries.addObject().put("key", each));
        } else if (memory.containsKey(key)) {
          answer.put("value", memory.get(key));
        } else {
          return Optional.empty();
        }
      }
    }
    return Optional.of(answer);
  }

  private ObjectNode page(String path) {
    ObjectNode page = MeshApi.JSON.createObjectNode().put("nextPageToken", "");
    ArrayNode all = page.putArray("agents");
    agents.values().stream()
        .filter(
            agent ->
                !path.contains("states=")
                    || path.contains("states=" + agent.path("state").asText()))
        .forEach(all::add);
    return page;
  }

  private JsonNode wrapped(String id) {
    return MeshApi.JSON.createObjectNode().set("agent", agents.get(id));
  }
}
