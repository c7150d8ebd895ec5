package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An estimate of what agents cost as people read it: who costs what, of what it consists. */
final class EstimateText {
  private static final String PROVIDER = "COMPUTE_PROVIDER_";
  private static final String KIND = "AGENT_COST_KIND_";
  private static final String NONE = "-";

  private EstimateText() {}

  static String of(JsonNode answer) {
    List<JsonNode> priced = new ArrayList<>();
    StringBuilder absent = new StringBuilder();
    for (JsonNode estimate : answer.path("estimates")) {
      if (estimate.path("unavailable").asText("").isEmpty()) {
        priced.add(estimate);
      } else {
        absent.append(name(estimate)).append(": ").append(estimate.path("unavailable").asText());
        absent.append('\n');
      }
    }
    String agents = answer.path("fleet").path("agents").asText("") + " AGENTS";
    StringBuilder text = new StringBuilder(assumptions(answer)).append('\n');
    text.append(absent);
    if (!priced.isEmpty()) {
      text.append(summary(priced, agents)).append('\n').append(lines(priced, agents));
    }
    text.append('\n');
    List<String> unpriced = new ArrayList<>();
    answer.path("notPriced").forEach(kind -> unpriced.add(word(kind, KIND)));
    if (!unpriced.isEmpty()) {
      text.append("No price in this table, so not counted: ");
      text.append(String.join(", ", unpriced)).append('\n');
    }
    answer.path("notes").forEach(note -> text.append(note.asText("")).append('\n'));
    return text.toString();
  }

  private static String assumptions(JsonNode answer) {
    JsonNode fleet = answer.path("fleet");
    JsonNode prices = answer.path("priceTable");
    String active =
        fleet.has("activeHoursPerDay")
            ? fleet.path("activeHoursPerDay").asText() + " h a day"
            : fleet.path("activeHoursPerMonth").asText() + " of 730 h a month";
    return """
        %s agents: %s vCPU, %s MB memory, %s MB workspace each; active %s
        Each active hour: %s MB to the internet, %s MB of logs; months of logs: %s; NAT gateways: %s%s
        Price table %s, dated %s, %s, %s
        """
        .formatted(
            fleet.path("agents").asText(),
            BigDecimal.valueOf(fleet.path("vcpuMillis").asLong(), 3)
                .stripTrailingZeros()
                .toPlainString(),
            fleet.path("memoryMb").asText(),
            fleet.path("workspaceMb").asText(),
            active,
            fleet.path("egressMbPerHour").asText(),
            fleet.path("logMbPerHour").asText(),
            fleet.path("logMonths").asText(),
            fleet.path("natGateways").asText(),
            fleet.path("publicIpv4").asBoolean() ? "; a public address each" : "",
            prices.path("version").asText(),
            prices.path("dated").asText(),
            prices.path("region").asText(),
            prices.path("currencyCode").asText());
  }

  private static String summary(List<JsonNode> priced, String agents) {
    Table table =
        new Table(
            "PROVIDER",
            "SIZE",
            "AGENT-HOUR",
            "HIBERNATED HOUR",
            "AGENT-MONTH",
            "HIBERNATED MONTH",
            agents,
            "HIBERNATED " + agents);
    for (JsonNode estimate : priced) {
      JsonNode active = estimate.path("active");
      JsonNode hibernated = estimate.path("hibernated");
      table.row(
          name(estimate),
          estimate.path("size").asText(""),
          amount(active.path("agentHour")),
          amount(hibernated.path("agentHour")),
          cents(active.path("agentMonth")),
          cents(hibernated.path("agentMonth")),
          cents(active.path("fleetMonth")),
          cents(hibernated.path("fleetMonth")));
    }
    return table.render();
  }

  /** One column for each provider, of the hours asked for. */
  private static String lines(List<JsonNode> priced, String agents) {
    List<String> header = new ArrayList<>(List.of(agents + ", A MONTH AS ASKED"));
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (JsonNode estimate : priced) {
      header.add(name(estimate));
      for (JsonNode line : estimate.path("asked").path("lines")) {
        String shared = line.path("shared").asBoolean() ? " (shared)" : "";
        rows.computeIfAbsent(word(line.path("kind"), KIND) + shared, _ -> new ArrayList<>())
            .add(cents(line.path("fleetMonth")));
      }
    }
    Table table = new Table(header.toArray(String[]::new));
    rows.forEach((kind, cells) -> table.row(row(kind, cells)));
    table.row(
        row(
            "total",
            priced.stream()
                .map(estimate -> cents(estimate.path("asked").path("fleetMonth")))
                .toList()));
    return table.render();
  }

  private static Object[] row(String name, List<String> cells) {
    List<Object> row = new ArrayList<>(List.of(name));
    row.addAll(cells);
    return row.toArray();
  }

  private static String name(JsonNode estimate) {
    return word(estimate.path("provider"), PROVIDER);
  }

  /** For example fargate-spot. */
  private static String word(JsonNode value, String prefix) {
    return value.asText("").replace(prefix, "").toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String amount(JsonNode money) {
    return money.path("amount").asText(NONE);
  }

  private static String cents(JsonNode money) {
    String amount = money.path("amount").asText("");
    return amount.isEmpty()
        ? NONE
        : new BigDecimal(amount).setScale(2, RoundingMode.HALF_UP).toPlainString();
  }
}
