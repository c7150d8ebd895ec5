package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.MeshApi;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What became of each letter, told as soon as it is known; one's refusal leaves the others. */
final class LetterOutcomes {
  private final ArrayNode all = MeshApi.JSON.createArrayNode();
  private final Consumer<JsonNode> teller;
  private boolean anyRefused;

  LetterOutcomes(Consumer<JsonNode> teller) {
    this.teller = teller;
  }

  void add(JsonNode outcome) {
    keep(outcome);
    teller.accept(outcome);
  }

  /**
   * Acts on one letter after the other. A refusal that the next would meet as well (no gateway, not
   * allowed) ends it, and the only letter's refusal is the command's own.
   */
  void ofEach(List<String> taskIds, Function<String, JsonNode> act) {
    for (String id : taskIds) {
      try {
        add(act.apply(id));
      } catch (ApiException refused) {
        if (!refused.concernsTheRequest()) {
          throw refused;
        }
        JsonNode outcome = refusal(id, refused);
        if (taskIds.size() == 1) {
          keep(outcome);
          throw refused;
        }
        add(outcome);
      }
    }
  }

  ArrayNode json() {
    return all;
  }

  int exitCode() {
    return anyRefused ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private void keep(JsonNode outcome) {
    all.add(outcome);
    anyRefused |= outcome.path("problem").isObject();
  }

  private static ObjectNode refusal(String taskId, ApiException refused) {
    ObjectNode outcome = MeshApi.JSON.createObjectNode().put("taskId", taskId);
    outcome
        .putObject("problem")
        .put("reason", refused.reason())
        .put("message", refused.getMessage());
    return outcome;
  }
}
