package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.Table;
import java.util.List;

/** How workers are, layer by layer. */
final class HealthText {

  private HealthText() {}

  /**
   * @param pages health pages, one of each worker
   */
  static Table table(List<JsonNode> pages, WorkerNames names) {
    Table table =
        new Table("WORKER", "LAYER", "VERDICT", "FAILED", "GOOD AGAIN", "CHECKED", "ERROR");
    for (JsonNode page : pages) {
      String worker = names.of(page.path("instance_id").asText());
      if (page.path("layers").isEmpty()) {
        table.row(
            worker, "", grade(page), "", "", ago(page.path("age")), page.path("reason").asText());
      }
      for (JsonNode layer : page.path("layers")) {
        table.row(
            worker,
            layer.path("name").asText(),
            grade(layer),
            count(layer, "failures", "failureThreshold"),
            layer.path("recoveries").asInt() == 0
                ? ""
                : count(layer, "recoveries", "recoveryThreshold"),
            ago(layer.path("age")),
            error(layer));
      }
    }
    return table;
  }

  private static String grade(JsonNode judged) {
    return judged.path("grade").asText("").replaceFirst("^HEALTH_GRADE_", "");
  }

  private static String count(JsonNode layer, String now, String threshold) {
    return layer.path(now).asInt() + "/" + layer.path(threshold).asInt();
  }

  /** What is wrong, else what last was. */
  private static String error(JsonNode layer) {
    String reason = layer.path("reason").asText("");
    String last = layer.path("lastError").asText("");
    if (!reason.isEmpty() || last.isEmpty()) {
      return reason;
    }
    return "last: " + last + ", " + ago(layer.path("lastErrorAge"));
  }

  private static String ago(JsonNode age) {
    return Amounts.period(Amounts.fromProtoJson(age.asText("0s"))) + " ago";
  }
}
