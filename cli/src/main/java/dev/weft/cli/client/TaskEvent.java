package dev.weft.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/** One change of a task. */
public record TaskEvent(
    String cursor, String state, int attempt, String workerId, String reason, String time) {

  static TaskEvent of(JsonNode json) {
    return new TaskEvent(
        json.path("cursor").asText(""),
        TaskView.shortState(json.path("state").asText("")),
        json.path("attempt").asInt(),
        json.path("workerId").asText(""),
        json.path("reason").asText(""),
        json.path("eventTime").asText(""));
  }

  /** Nothing comes after it. */
  public boolean isTerminal() {
    return TaskView.isTerminal(state);
  }
}
