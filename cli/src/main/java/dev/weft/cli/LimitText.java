package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tenants' limits as people read them. */
final class LimitText {
  private static final long MIB = 1L << 20;
  private static final int MINUTE = 60;

  private LimitText() {}

  static String of(JsonNode answer) {
    StringBuilder text = new StringBuilder();
    for (JsonNode limits : answer.path("limits")) {
      text.append(table(limits)).append('\n');
    }
    if (answer.path("limits").isEmpty()) {
      text.append("no tier is set: nothing bounds what runs at once, or is used over time\n");
    }
    JsonNode submissions = answer.path("submissions");
    return text.append(
            "submissions of a tenant: %s a second, %s at once%n"
                .formatted(
                    submissions.path("perSecond").asText("0"),
                    submissions.path("burst").asText("0")))
        .toString();
  }

  /** One tenant's: a line for each class, and one for each user of whom is told. */
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
    if (limits.has("userLimit")) {
      users(limits, table);
    }
    String tier = limits.path("tier").asText("").replace("TIER_", "").toLowerCase(Locale.ROOT);
    return "%s: tier %s, instances: %d%n%s%s"
        .formatted(
            limits.path("tenantId").asText(""),
            tier,
            limits.path("instances").asInt(),
            table.render(),
            rates(limits.path("rates")));
  }

  /** Nothing from a gateway that tells no limits of users. */
  private static void users(JsonNode limits, Table table) {
    JsonNode limit = limits.path("userLimit");
    table.row(
        "each user",
        limit.path("cpuMilli").asLong() + "m",
        limit.path("memoryBytes").asLong() / MIB + " MiB",
        limit.path("diskBytes").asLong() / MIB + " MiB",
        limit.path("slots").asLong());
    for (JsonNode user : limits.path("users")) {
      JsonNode used = user.path("used");
      int waiting = user.path("waitingTasks").asInt();
      table.row(
          "user " + user.path("user").asText("") + (waiting > 0 ? ", " + waiting + " wait" : ""),
          share(used, limit, "cpuMilli", 1, "m"),
          share(used, limit, "memoryBytes", MIB, " MiB"),
          share(used, limit, "diskBytes", MIB, " MiB"),
          share(used, limit, "slots", 1, ""));
    }
  }

  /** A line for each class, and one for each user; nothing from a gateway that tells no rates. */
  private static String rates(JsonNode rates) {
    if (rates.isEmpty()) {
      return "";
    }
    List<String> header = new ArrayList<>(List.of("CLASS"));
    List<String> user = new ArrayList<>(List.of("each user"));
    for (JsonNode rate : rates) {
      String resource = rate.path("resource").asText("").replace("RATED_RESOURCE_", "");
      String window = rate.path("windowSeconds").asInt() == MINUTE ? "A MINUTE" : "A SECOND";
      header.add(resource.replace('_', ' ') + " " + window);
      user.add(rate.path("userLimit").asText("0"));
    }
    Table table = new Table(header.toArray(String[]::new));
    for (int i = 0; i < rates.get(0).path("classes").size(); i++) {
      List<String> row = new ArrayList<>();
      row.add(span(rates.get(0).path("classes").path(i).path("priorityClass").asText("")));
      for (JsonNode rate : rates) {
        row.add(rate.path("classes").path(i).path("limit").asText("0"));
      }
      table.row(row.toArray());
    }
    return "%n%s".formatted(table.row(user.toArray()).render());
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
