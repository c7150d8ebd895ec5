package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Money;
import dev.weft.cli.output.Table;
import java.util.ArrayList;
import java.util.List;

/** Prices of models as people read them. */
final class PriceText {
  private PriceText() {}

  static String table(JsonNode table) {
    String version = table.path("version").asText("0");
    List<JsonNode> prices = new ArrayList<>();
    table.path("prices").forEach(prices::add);
    return rows(prices) + "version %s of the table%n".formatted(version);
  }

  static String rows(List<JsonNode> prices) {
    Table table = new Table("MODEL", "A MILLION IN", "A MILLION OUT", "VERSION", "SINCE", "BY");
    for (JsonNode price : prices) {
      table.row(
          price.path("model").asText(""),
          amount(price, "inputMicros"),
          amount(price, "outputMicros"),
          price.path("version").asText(""),
          price.path("setTime").asText(""),
          price.path("author").asText(""));
    }
    return table.render();
  }

  private static String amount(JsonNode price, String field) {
    return Money.amount(price.path(field).asLong()) + " " + price.path("currencyCode").asText("");
  }
}
