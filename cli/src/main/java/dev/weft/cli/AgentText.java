package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.output.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Agents for people. */
final class AgentText {
  private AgentText() {}

  static Table table(List<JsonNode> agents, WorkerNames names) {
    Table table =
        new Table("AGENT", "NAME", "STATE", "SINCE", "SLEEPS", "BODY", "WORKER", "WAITING", "COST");
    for (JsonNode json : agents) {
      AgentView agent = new AgentView(json);
      table.row(
          agent.id(),
          agent.name(),
          agent.state(),
          json.path("stateSince").asText(""),
          json.path("idle").path("hibernatesAt").asText(""),
          json.path("body").asInt(),
          names.of(agent.workerId()),
          json.path("queuedCommands").asInt(),
          cost(json.path("cost")));
    }
    return table;
  }

  static Table card(AgentView agent, WorkerNames names) {
    JsonNode json = agent.json();
    Table table = new Table("FIELD", "VALUE");
    table.row("id", agent.id());
    table.row("name", agent.name());
    table.row("state", agent.state() + " since " + json.path("stateSince").asText("?"));
    table.row("created", json.path("createdAt").asText(""));
    table.row("body", json.path("body").asInt());
    row(table, "start", start(json.path("start")));
    row(table, "body's task", json.path("bodyTaskId").asText(""));
    row(table, "worker", names.of(agent.workerId()));
    row(table, "forked from", json.path("forkedFrom").asText(""));
    row(table, "idle", idle(json.path("idle")));
    row(table, "idle timeout", json.path("spec").path("idleTimeout").asText(""));
    table.row("waiting", json.path("queuedCommands").asInt() + " commands");
    row(table, "cost so far", cost(json.path("cost")));
    JsonNode snapshot = json.path("snapshot");
    row(table, "snapshot", snapshot.path("artifactId").asText(""));
    row(table, "taken", snapshot.path("takenAt").asText(""));
    row(table, "problem", agent.problem());
    return table;
  }

  /** Empty before a body was on a worker. */
  private static String cost(JsonNode cost) {
    List<String> parts = new ArrayList<>();
    for (JsonNode amount : cost.path("amounts")) {
      parts.add(
          BigDecimal.valueOf(amount.path("micros").asLong(), 6).toPlainString()
              + " "
              + amount.path("currencyCode").asText(""));
    }
    if (cost.path("incomplete").asBoolean()) {
      parts.add("time without a price");
    }
    return String.join(" + ", parts);
  }

  /** Empty of one that is used, or does not run. */
  private static String idle(JsonNode idle) {
    return idle.isMissingNode()
        ? ""
        : "since %s, sleeps at %s"
            .formatted(idle.path("since").asText("?"), idle.path("hibernatesAt").asText("?"));
  }

  private static String start(JsonNode start) {
    if (start.isMissingNode()) {
      return "";
    }
    return start.path("phase").asText("").replaceFirst("^START_PHASE_", "")
        + " since "
        + start.path("beganAt").asText("?")
        + StartEstimate.of(start).map(estimate -> ", " + estimate.words()).orElse("");
  }

  /** A stored workspace, with its digest as people compare it. */
  static Table snapshot(JsonNode snapshot) {
    Table table = new Table("FIELD", "VALUE");
    table.row("artifact", snapshot.path("artifactId").asText(""));
    table.row("manifest", "sha256:" + hex(snapshot.path("manifestDigest")));
    table.row("taken", snapshot.path("takenAt").asText(""));
    table.row("paths", snapshot.path("paths").asInt());
    row(table, "incomplete", GetCommand.problem(snapshot.path("incomplete")));
    return table;
  }

  private static String hex(JsonNode base64) {
    try {
      return base64.isTextual() ? HexFormat.of().formatHex(base64.binaryValue()) : "";
    } catch (IOException e) {
      throw new IllegalStateException("the gateway's answer: a digest that is not base64", e);
    }
  }

  private static void row(Table table, String field, String value) {
    if (!value.isEmpty()) {
      table.row(field, value);
    }
  }
}
