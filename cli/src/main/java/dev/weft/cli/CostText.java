package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Costs as people read them. */
final class CostText {
  private static final String UNKNOWN = "unknown";

  private CostText() {}

  /** For example 0.004150 USD; unknown without a price. */
  static String amount(JsonNode line) {
    JsonNode cost = line.path("cost");
    String currency = cost.path("currencyCode").asText("");
    return currency.isEmpty() ? UNKNOWN : cost.path("amount").asText("") + " " + currency;
  }

  /** One of the two of which a cost is made; - without a price. */
  static String part(JsonNode line, String which) {
    return line.path(which).path("amount").asText("-");
  }

  /** All lines of one thing; empty when nothing ran. */
  static String sum(List<JsonNode> lines) {
    StringJoiner parts = new StringJoiner(" + ");
    for (JsonNode line : lines) {
      String amount = amount(line);
      parts.add(
          amount.equals(UNKNOWN)
              ? UNKNOWN + " for " + line.path("attemptCount").asText("") + " attempts"
              : amount);
    }
    return parts.toString();
  }

  /** For example small: 1200 in, 80 out; empty when no model was used. */
  static String tokens(JsonNode models) {
    StringJoiner parts = new StringJoiner("; ");
    for (JsonNode model : models) {
      parts.add(
          "%s: %s in, %s out"
              .formatted(
                  model.path("model").asText(""),
                  model.path("inputTokens").asText("0"),
                  model.path("outputTokens").asText("0")));
    }
    return parts.toString();
  }

  /** What stands below a table; empty when every model that was used has a price. */
  static String unpricedTokens(List<JsonNode> lines) {
    long input = 0;
    long output = 0;
    String model = "";
    for (JsonNode line : lines) {
      input += line.path("unpricedInputTokens").asLong();
      output += line.path("unpricedOutputTokens").asLong();
      model = model.isEmpty() ? line.path("unpricedModel").asText("") : model;
    }
    return model.isEmpty()
        ? ""
        : "%d tokens in, %d out have no known cost: their models had no price, for example %s%n"
            .formatted(input, output, model);
  }

  /** What stands below a table; empty when every worker has a price. */
  static String unpriced(List<JsonNode> lines) {
    long attempts = 0;
    Set<String> workers = new TreeSet<>();
    for (JsonNode line : lines) {
      attempts += line.path("unpricedAttemptCount").asLong();
      for (JsonNode worker : line.path("unpricedWorkers")) {
        String name = worker.path("name").asText("");
        workers.add(name.isEmpty() ? worker.path("workerId").asText("") : name);
      }
    }
    return attempts == 0
        ? ""
        : "%d attempts have no known cost: no price in the profile of %s%n"
            .formatted(attempts, String.join(", ", workers));
  }
}
