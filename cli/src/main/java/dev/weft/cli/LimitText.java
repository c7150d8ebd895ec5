package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.Locale;

/** Tenants' limits as people read them. */
final class LimitText {
  private static final long MIB = 1L << 20;

  private LimitText() {}

  static String of(JsonNode answer) {
    StringBuilder text = new StringBuilder();
    for (JsonNode limits : answer.path("limits")) {
      text.append(table(limits)).append('\n');
    }
    if (answer.path("limits").isEmpty()) {
      text.append("no tier is set: nothing bounds what runs at once\n");
    }
    JsonNode submissions = answer.path("submissions");
    return text.append(
            "submissions of a tenant: %s a second, %s at once%n"
                .formatted(
                    submissions.path("perSecond").asText("0"),
                    submissions.path("burst").asText("0")))
        .toString();
  }

  /** One tenant's: a line for each class. */
  static String table(JsonNode limits) {
    Table table = new Table("CLASS", "CPU", "MEMORY", "DISK", "SLOTS");
    for (JsonNode level : limits.path("classes")) {
      JsonNode used = level.path("used");
      JsonNode limit = level.path("limit");
      table.row(
          span(level.path("priorityClass").asText("")),
          share(used, limit, "cpuMilli", 1, "m"),
          share(used, limit, "memoryBytes", MIB, " MiB"),
          share(used, limit, "diskBytes", MIB, " MiB"),
          share(used, limit, "slots", 1, ""));
    }
    String tier = limits.path("tier").asText("").replace("TIER_", "").toLowerCase(Locale.ROOT);
    return "%s: tier %s, instances: %d%n%s"
        .formatted(
            limits.path("tenantId").asText(""),
            tier,
            limits.path("instances").asInt(),
            table.render());
  }

  private static String span(String priorityClass) {
    String name = priorityClass.replace("PRIORITY_CLASS_", "");
    return name.equals("P6") ? name : name + " and below";
  }

  private static String share(JsonNode used, JsonNode limit, String amount, long per, String unit) {
    return "%d of %d%s"
        .formatted(
            Math.ceilDiv(used.path(amount).asLong(), per), limit.path(amount).asLong() / per, unit);
  }
}
