package dev.weft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.OptionFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole policy that is put together from another one and from what was typed. */
final class PolicyDraft {
  static final List<String> CLASSES = List.of("P0", "P1", "P2", "P3", "P4", "P5", "P6");

  private static final List<String> TERMS = List.of("capability", "load", "latency", "cost");
  private static final Set<String> FIELDS =
      Set.of("weights", "algorithms", "version", "name", "author", "createTime", "comment");
  private static final Pattern RULE =
      Pattern.compile("([a-z0-9_-]{1,63})(?:/([Pp][0-6]))?=([A-Z_]{1,40})");

  private final List<ObjectNode> weights = new ArrayList<>();
  private final List<ObjectNode> algorithms = new ArrayList<>();

  PolicyDraft(JsonNode policy) {
    policy.path("weights").forEach(one -> weights.add(one.deepCopy()));
    policy.path("algorithms").forEach(one -> algorithms.add(one.deepCopy()));
  }

  static PolicyDraft empty() {
    return new PolicyDraft(MeshApi.JSON.createObjectNode());
  }

  /** A policy as {@code weft policy show -o json} prints it. */
  static JsonNode read(Path file) {
    JsonNode policy;
    try {
      policy = MeshApi.JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new OptionFault("--file", file.toString(), "JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new OptionFault("--file", file.toString(), "a file that can be read");
    }
    if (!policy.isObject()) {
      throw new OptionFault("--file", file.toString(), "a JSON object");
    }
    policy
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                throw new OptionFault("--file", name, "weights or algorithms");
              }
            });
    for (String list : List.of("weights", "algorithms")) {
      if (!policy.path(list).isMissingNode() && !isListOfObjects(policy.path(list))) {
        throw new OptionFault("--file", list, "a list of objects");
      }
    }
    return policy;
  }

  /**
   * @param text capability=0.1,load=0.6,latency=0.2,cost=0.1
   */
  void weigh(List<String> classes, String text) {
    ObjectNode terms = terms(text);
    for (String name : classes) {
      String priority = OrderOptions.wireClass(name);
      weights.removeIf(one -> one.path("priorityClass").asText("").equals(priority));
      weights.add(terms.deepCopy().put("priorityClass", priority));
    }
  }

  /** A rule without a class takes the place of all of its executor. */
  void choose(String rule) {
    Matcher parts = RULE.matcher(rule);
    if (!parts.matches()) {
      throw new OptionFault("--algorithm", rule, "EXECUTOR=ALGORITHM or EXECUTOR/P0=ALGORITHM");
    }
    String executor = parts.group(1);
    String priority = parts.group(2) == null ? "" : OrderOptions.wireClass(parts.group(2));
    algorithms.removeIf(
        one ->
            one.path("executor").asText("").equals(executor)
                && (priority.isEmpty() || one.path("priorityClass").asText("").equals(priority)));
    ObjectNode made =
        MeshApi.JSON.createObjectNode().put("executor", executor).put("algorithm", parts.group(3));
    algorithms.add(priority.isEmpty() ? made : made.put("priorityClass", priority));
  }

  /** The body of the change, but for what goes with it. */
  ObjectNode request() {
    ObjectNode request = MeshApi.JSON.createObjectNode();
    ArrayNode all = request.putArray("weights");
    weights.forEach(all::add);
    ArrayNode rules = request.putArray("algorithms");
    algorithms.forEach(rules::add);
    return request;
  }

  private static boolean isListOfObjects(JsonNode list) {
    if (!list.isArray()) {
      return false;
    }
    for (JsonNode one : list) {
      if (!one.isObject()) {
        return false;
      }
    }
    return true;
  }

  /** The four weights as typed; capability may be called fit. */
  static ObjectNode terms(String text) {
    ObjectNode terms = MeshApi.JSON.createObjectNode();
    for (String pair : text.split(",", -1)) {
      String[] sides = pair.strip().split("=", -1);
      sides[0] = sides[0].equals("fit") ? "capability" : sides[0];
      if (sides.length != 2 || !TERMS.contains(sides[0]) || terms.has(sides[0])) {
        throw new OptionFault("--weights", pair, "each once of " + String.join("=, ", TERMS) + "=");
      }
      try {
        terms.put(sides[0], Double.parseDouble(sides[1]));
      } catch (NumberFormatException e) {
        throw new OptionFault("--weights", pair, "a number, like " + sides[0] + "=0.25");
      }
    }
    if (terms.size() != TERMS.size()) {
      throw new OptionFault("--weights", text, "all of " + String.join("=, ", TERMS) + "=");
    }
    return terms;
  }
}
