package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** An agent's JSON, read by name. */
public record AgentView(JsonNode json) {
  /** The states of agents that are not over. */
  public static final List<String> OPEN =
      List.of("PENDING", "PROVISIONING", "RUNNING", "HIBERNATING", "HIBERNATED", "WAKING");

  public String id() {
    return json.path("agentId").asText("");
  }

  /** What people call it; may be empty. */
  public String name() {
    return json.path("spec").path("displayName").asText("");
  }

  /** Without the enum's prefix, for example RUNNING. */
  public String state() {
    return json.path("state").asText("").replaceFirst("^AGENT_STATE_", "");
  }

  public boolean isOpen() {
    return OPEN.contains(state());
  }

  public String workerId() {
    return json.path("workerId").asText("");
  }

  /** Reason and text of why it is as it is; empty if there is none. */
  public String problem() {
    JsonNode problem = json.path("problem");
    String reason = problem.path("reason").asText("");
    return reason.isEmpty() ? "" : reason + ": " + problem.path("message").asText("");
  }
}
