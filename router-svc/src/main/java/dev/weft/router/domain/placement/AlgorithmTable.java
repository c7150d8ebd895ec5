package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.PriorityClass;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * By what the tasks of an executor and class choose among workers; where nothing is said, by the
 * composite score.
 */
public record AlgorithmTable(Map<String, Map<PriorityClass, Algorithm>> byExecutor) {

  /** Everything by the composite score. */
  public static final AlgorithmTable EMPTY = new AlgorithmTable(Map.of());

  /** The kinds of work that the documents name, each with the algorithm that they give it. */
  public static final AlgorithmTable STANDARD =
      new AlgorithmTable(
          Map.of(
              "llm", all(Algorithm.LEAST_CONNECTIONS),
              "browser", all(Algorithm.ROUND_ROBIN),
              "speech", all(Algorithm.WEIGHTED_ROUND_ROBIN),
              "session", all(Algorithm.CONSISTENT_HASH),
              "email", all(Algorithm.PRIORITY_QUEUE),
              "cron", all(Algorithm.RANDOM_WITH_RETRY),
              "voice", all(Algorithm.LEAST_RESPONSE_TIME),
              "system", all(Algorithm.RESOURCE_BASED)));

  private static final String FORM = "EXECUTOR=ALGORITHM or EXECUTOR/P0=ALGORITHM";

  public AlgorithmTable {
    byExecutor = Map.copyOf(byExecutor);
  }

  public Algorithm of(String executor, PriorityClass priority) {
    return byExecutor.getOrDefault(executor, Map.of()).getOrDefault(priority, Algorithm.COMPOSITE);
  }

  /**
   * This table with some rules in place of its own; what names a class wins over what names none.
   *
   * @param field how a refusal names the rules
   * @param rules each {@code EXECUTOR=ALGORITHM} or {@code EXECUTOR/CLASS=ALGORITHM}
   * @throws IllegalArgumentException naming the rule and what was expected
   */
  public AlgorithmTable with(String field, List<String> rules) {
    SortedMap<String, Algorithm> parsed = new TreeMap<>();
    for (String rule : rules) {
      String[] sides = rule.strip().split("=", -1);
      if (sides.length != 2 || !sides[0].matches("[a-z0-9_-]{1,63}(/P[0-6])?")) {
        throw new IllegalArgumentException(field + ": " + rule + " (expected: " + FORM + ")");
      }
      if (parsed.put(sides[0], algorithm(field, sides[1])) != null) {
        throw new IllegalArgumentException(field + ": " + sides[0] + " twice (expected: once)");
      }
    }
    Map<String, Map<PriorityClass, Algorithm>> changed = new HashMap<>(byExecutor);
    parsed.forEach((name, algorithm) -> put(changed, name, algorithm));
    return new AlgorithmTable(changed);
  }

  /** The fewest rules that, laid over an empty table, give this one. */
  public SortedMap<String, Algorithm> rules() {
    SortedMap<String, Algorithm> rules = new TreeMap<>();
    byExecutor.forEach(
        (executor, classes) -> {
          Algorithm first = of(executor, PriorityClass.P0);
          if (classes.equals(all(first))) {
            rules.put(executor, first);
          } else {
            classes.forEach((priority, one) -> rules.put(executor + "/" + priority, one));
          }
        });
    return rules;
  }

  /** A name without class sorts before the same with one. */
  private static void put(
      Map<String, Map<PriorityClass, Algorithm>> into, String name, Algorithm algorithm) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      into.put(name, all(algorithm));
      return;
    }
    Map<PriorityClass, Algorithm> classes = new EnumMap<>(PriorityClass.class);
    classes.putAll(into.getOrDefault(name.substring(0, slash), Map.of()));
    classes.put(PriorityClass.valueOf(name.substring(slash + 1)), algorithm);
    into.put(name.substring(0, slash), classes);
  }

  private static Algorithm algorithm(String field, String name) {
    return Algorithm.SELECTABLE.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    field
                        + ": "
                        + name
                        + " (expected: "
                        + Algorithm.SELECTABLE.stream()
                            .map(Enum::name)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }

  private static Map<PriorityClass, Algorithm> all(Algorithm algorithm) {
    Map<PriorityClass, Algorithm> classes = new EnumMap<>(PriorityClass.class);
    Arrays.stream(PriorityClass.values()).forEach(one -> classes.put(one, algorithm));
    return classes;
  }
}
