package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.ArrayList;
import java.util.List;

/** Tenants' budgets as people read them. */
final class BudgetText {
  private BudgetText() {}

  static String table(List<JsonNode> budgets) {
    Table table = new Table("TENANT", "BUDGET A DAY", "USED", "RESERVED", "LEFT", "BEGINS ANEW");
    for (JsonNode budget : budgets) {
      String tenant = budget.path("tenantId").asText("");
      String resets = budget.path("resetTime").asText("");
      for (Part part : parts(budget)) {
        table.row(
            tenant,
            part.daily,
            counting(budget) ? "being counted" : part.used,
            counting(budget) ? "-" : part.reserved,
            counting(budget) ? "-" : part.left,
            resets);
      }
    }
    return table.render();
  }

  /** What stands below a table of costs; empty without budgets. */
  static String lines(List<JsonNode> budgets) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode budget : budgets) {
      parts(budget).forEach(part -> lines.append(line(budget, part)));
    }
    return lines.toString();
  }

  private static String line(JsonNode budget, Part part) {
    String left =
        counting(budget)
            ? "what is spent today is being counted"
            : "%s of %s left today (used %s, reserved %s)"
                .formatted(part.left, part.daily, part.used, part.reserved);
    return "budget of %s: %s; it begins anew at %s%n"
        .formatted(budget.path("tenantId").asText(""), left, budget.path("resetTime").asText(""));
  }

  /** In money and in tokens; one of them may not be there. */
  private static List<Part> parts(JsonNode budget) {
    List<Part> parts = new ArrayList<>();
    if (budget.has("daily")) {
      String currency = budget.path("daily").path("currencyCode").asText("");
      parts.add(
          new Part(
              amount(budget, "daily") + " " + currency,
              amount(budget, "used"),
              amount(budget, "reserved"),
              amount(budget, "left")));
    }
    JsonNode tokens = budget.path("tokens");
    if (tokens.isObject()) {
      parts.add(
          new Part(
              tokens.path("daily").asText("0") + " tokens",
              tokens.path("used").asText("0"),
              tokens.path("reserved").asText("0"),
              tokens.path("left").asText("0")));
    }
    return parts;
  }

  private static boolean counting(JsonNode budget) {
    return budget.path("counting").asBoolean();
  }

  private static String amount(JsonNode budget, String which) {
    return budget.path(which).path("amount").asText("0.000000");
  }

  private record Part(String daily, String used, String reserved, String left) {}
}
