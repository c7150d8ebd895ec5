package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Function;

/** A replay as a person reads it, on one screen. */
final class WhatIfText {

  private WhatIfText() {}

  static String render(JsonNode report) {
    Table table = new Table("", "REALLY", "REPLAYED", "PROPOSED");
    row(table, report, "policy", one -> one.path("policy").asText(""));
    row(table, report, "workers", one -> one.path("workerCount").asText("0"));
    row(table, report, "succeeded", one -> one.path("succeededCount").asText("0"));
    row(table, report, "failed", one -> one.path("failedCount").asText("0"));
    row(table, report, "expired", one -> one.path("expiredCount").asText("0"));
    row(table, report, "cancelled", one -> one.path("cancelledCount").asText("0"));
    row(table, report, "refused", one -> one.path("refusedCount").asText("0"));
    row(table, report, "open", one -> one.path("openCount").asText("0"));
    row(table, report, "deadlines met", WhatIfText::met);
    row(table, report, "waiting p50", one -> one.path("waitP50").asText("0s"));
    row(table, report, "waiting p99", one -> one.path("waitP99").asText("0s"));
    row(table, report, "latency p50", one -> one.path("latencyP50").asText("0s"));
    row(table, report, "latency p99", one -> one.path("latencyP99").asText("0s"));
    row(table, report, "cost", one -> money(one.path("costs"), "0", unpriced(one, "Attempt")));
    row(
        table,
        report,
        "cost of the fleet",
        one -> money(one.path("fleetCosts"), "unknown", unpriced(one, "Worker")));
    return title(report) + "\n" + table.render() + "\n" + error(report) + notes(report);
  }

  private static void row(
      Table table, JsonNode report, String name, Function<JsonNode, String> cell) {
    table.row(
        name,
        cell.apply(report.path("recorded")),
        cell.apply(report.path("replayed")),
        cell.apply(report.path("proposed")));
  }

  private static String title(JsonNode report) {
    return "%s of your tasks, accepted from %s to %s\n"
        .formatted(
            report.path("taskCount").asText("0"),
            report.path("since").asText(""),
            report.path("until").asText(""));
  }

  private static String met(JsonNode figures) {
    long judged = figures.path("judgedCount").asLong();
    long met = figures.path("metCount").asLong();
    return judged == 0
        ? "none counts"
        : String.format(Locale.ROOT, "%d of %d (%.1f %%)", met, judged, 100.0 * met / judged);
  }

  /** Empty if everything has a price. */
  private static String unpriced(JsonNode figures, String kind) {
    long unpriced = figures.path("unpriced" + kind + "Count").asLong();
    return unpriced == 0
        ? ""
        : "unknown for %d %s%s"
            .formatted(unpriced, kind.toLowerCase(Locale.ROOT), unpriced == 1 ? "" : "s");
  }

  private static String money(JsonNode lines, String nothing, String unpriced) {
    StringJoiner sum = new StringJoiner(" + ");
    lines.forEach(
        one -> sum.add(one.path("amount").asText("") + " " + one.path("currencyCode").asText("")));
    if (!unpriced.isEmpty()) {
      sum.add(unpriced);
    }
    return sum.length() == 0 ? nothing : sum.toString();
  }

  private static String error(JsonNode report) {
    JsonNode error = report.path("error");
    return """
        Error of the replay itself (REPLAYED against REALLY), so compare PROPOSED with REPLAYED:
          waiting off by %s and latency by %s on average, deadlines met off by %+d,
          %s of %s tasks on the same worker
        """
        .formatted(
            error.path("waitMeanError").asText("0s"),
            error.path("latencyMeanError").asText("0s"),
            error.path("metDifference").asLong(),
            error.path("sameWorkerCount").asText("0"),
            error.path("comparedCount").asText("0"));
  }

  private static String notes(JsonNode report) {
    List<String> lines =
        report
            .path("notes")
            .valueStream()
            .map(note -> "Note: " + note.path("message").asText("") + "\n")
            .toList();
    return String.join("", lines);
  }
}
