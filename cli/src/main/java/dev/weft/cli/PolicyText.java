package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.List;
import java.util.Locale;

/** A policy as a person reads it. */
final class PolicyText {
  private static final String EVERY_CLASS = "UNSPECIFIED";

  private PolicyText() {}

  static String render(JsonNode policy) {
    Table weights = new Table("CLASS", "CAPABILITY", "LOAD", "LATENCY", "COST");
    for (JsonNode one : policy.path("weights")) {
      weights.row(
          priority(one),
          number(one, "capability"),
          number(one, "load"),
          number(one, "latency"),
          number(one, "cost"));
    }
    Table algorithms = new Table("EXECUTOR", "CLASS", "ALGORITHM");
    for (JsonNode one : policy.path("algorithms")) {
      algorithms.row(
          one.path("executor").asText(""), priority(one), one.path("algorithm").asText(""));
    }
    algorithms.row("others", "all", "COMPOSITE");
    return title(policy) + "\n" + weights.render() + "\n" + algorithms.render();
  }

  static String history(List<JsonNode> versions) {
    Table table = new Table("VERSION", "SET", "BY", "COMMENT");
    for (JsonNode one : versions) {
      table.row(
          one.path("version").asText(""),
          one.path("createTime").asText(""),
          one.path("author").asText(""),
          one.path("comment").asText(""));
    }
    return table.render();
  }

  /** For example {@code policy placement-7, set 2026-01-02T03:04:05Z by acme/ops: cheaper}. */
  static String title(JsonNode policy) {
    String name = "policy " + policy.path("name").asText("");
    if (policy.path("version").asInt() == 0) {
      return name + ", as configured; none was set\n";
    }
    String comment = policy.path("comment").asText("");
    return "%s, set %s by %s%s\n"
        .formatted(
            name,
            policy.path("createTime").asText(""),
            policy.path("author").asText(""),
            comment.isEmpty() ? "" : ": " + comment);
  }

  private static String priority(JsonNode of) {
    String name = OrderOptions.shownClass(of.path("priorityClass").asText(EVERY_CLASS));
    return name.equals(EVERY_CLASS) ? "all" : name;
  }

  private static String number(JsonNode node, String field) {
    return String.format(Locale.ROOT, "%.3f", node.path(field).asDouble());
  }
}
