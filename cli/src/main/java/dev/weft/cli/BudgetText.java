package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.List;

/** Tenants' budgets as people read them. */
final class BudgetText {
  private BudgetText() {}

  static String table(List<JsonNode> budgets) {
    Table table = new Table("TENANT", "BUDGET A DAY", "USED", "RESERVED", "LEFT", "BEGINS ANEW");
    for (JsonNode budget : budgets) {
      table.row(
          budget.path("tenantId").asText(""),
          amount(budget, "daily") + " " + budget.path("daily").path("currencyCode").asText(""),
          counting(budget) ? "being counted" : amount(budget, "used"),
          counting(budget) ? "-" : amount(budget, "reserved"),
          counting(budget) ? "-" : amount(budget, "left"),
          budget.path("resetTime").asText(""));
    }
    return table.render();
  }

  /** What stands below a table of costs; empty without budgets. */
  static String lines(List<JsonNode> budgets) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode budget : budgets) {
      lines.append(line(budget));
    }
    return lines.toString();
  }

  private static String line(JsonNode budget) {
    String left =
        counting(budget)
            ? "what is spent today is being counted"
            : "%s of %s %s left today (used %s, reserved %s)"
                .formatted(
                    amount(budget, "left"),
                    amount(budget, "daily"),
                    budget.path("daily").path("currencyCode").asText(""),
                    amount(budget, "used"),
                    amount(budget, "reserved"));
    return "budget of %s: %s; it begins anew at %s%n"
        .formatted(budget.path("tenantId").asText(""), left, budget.path("resetTime").asText(""));
  }

  private static boolean counting(JsonNode budget) {
    return budget.path("counting").asBoolean();
  }

  private static String amount(JsonNode budget, String which) {
    return budget.path(which).path("amount").asText("0.000000");
  }
}
