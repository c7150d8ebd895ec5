package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A Decision as a person reads it: who was compared, by what, and why the others were not. */
final class DecisionText {
  private static final String AVOIDED =
      "  (the workers above * had failed this task before: they get it only if no other has room)\n";

  private static final List<String> TERMS =
      List.of("score", "capability", "load", "latency", "cost");

  /** Terms that candidates have only where they were asked for. */
  private static final List<String> BONUSES = List.of("place", "near", "sun", "files", "shard");

  private final WorkerNames names;

  DecisionText(WorkerNames names) {
    this.names = names;
  }

  String render(JsonNode decision) {
    StringBuilder text = new StringBuilder();
    String winner = decision.path("workerId").asText("");
    text.append(decision.path("taskId").asText(""));
    if (decision.path("attempt").asInt() > 0) {
      text.append(" attempt ").append(decision.path("attempt").asInt());
    }
    text.append(winner.isEmpty() ? " waits" : " -> " + names.of(winner));
    text.append("  (").append(decision.path("decideTime").asText(""));
    String algorithm = decision.path("algorithm").asText("");
    if (!algorithm.isEmpty()) {
      text.append(", by ").append(algorithm);
    }
    text.append(", weights ").append(decision.path("weightsVersion").asText("-"));
    text.append(", fleet revision ").append(decision.path("fleetRevision").asText("-"));
    int shard = decision.path("shard").asInt();
    text.append(shard > 0 ? ", shard " + shard : "").append(")\n");
    text.append(effort(decision.path("effort")));
    JsonNode candidates = decision.path("candidates");
    if (!candidates.isEmpty()) {
      text.append(candidates(candidates, winner));
    }
    JsonNode rejections = decision.path("rejections");
    if (!rejections.isEmpty()) {
      text.append(rejections(rejections));
    }
    String remedy = decision.path("remedy").asText("");
    if (!remedy.isEmpty()) {
      text.append("  would start with: ").append(remedy).append('\n');
    }
    return text.toString();
  }

  private static String effort(JsonNode effort) {
    return effort.isMissingNode()
        ? ""
        : "  complexity %s (%s), model tier %s, places %s\n"
            .formatted(
                effort.path("complexity").asText("").replaceFirst("^COMPLEXITY_", ""),
                effort.path("classified").asBoolean() ? "classified" : "said",
                effort.path("modelTier").asText(""),
                effort.path("placeOrder").asText(""));
  }

  private String candidates(JsonNode candidates, String winner) {
    List<String> terms =
        Stream.concat(TERMS.stream(), BONUSES.stream().filter(candidates.path(0)::has)).toList();
    List<String> heads = new ArrayList<>(List.of("  CANDIDATE"));
    terms.forEach(term -> heads.add(term.toUpperCase(Locale.ROOT)));
    Table table = new Table(heads.toArray(String[]::new));
    for (JsonNode candidate : candidates) {
      String id = candidate.path("workerId").asText("");
      List<Object> row = new ArrayList<>();
      row.add((id.equals(winner) ? "* " : "  ") + names.of(id));
      terms.forEach(term -> row.add(number(candidate, term)));
      table.row(row.toArray());
    }
    return table.render() + (isFirst(candidates, winner) ? "" : AVOIDED);
  }

  private static boolean isFirst(JsonNode candidates, String winner) {
    return winner.isEmpty() || candidates.path(0).path("workerId").asText("").equals(winner);
  }

  private String rejections(JsonNode rejections) {
    Table table = new Table("  PASSED OVER", "WORKERS", "EXAMPLE", "DETAIL");
    for (JsonNode rejection : rejections) {
      table.row(
          "  " + rejection.path("reason").asText(""),
          rejection.path("count").asInt(),
          names.of(rejection.path("exampleWorkerId").asText("")),
          rejection.path("detail").asText(""));
    }
    return table.render();
  }

  private static String number(JsonNode node, String field) {
    return String.format(Locale.ROOT, "%.3f", node.path(field).asDouble());
  }
}
