package dev.weft.router.domain.effort;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each complexity means, and who says it of a task that does not. */
public record EffortPolicy(Map<Complexity, Meaning> meanings, Classifier classifier) {

  /** A tier of models and the places in their order. */
  public record Meaning(String tier, PlaceOrder places) {}

  public static final EffortPolicy STANDARD =
      new EffortPolicy(
          Map.of(
              Complexity.SIMPLE, new Meaning("small", PlaceOrder.LOCAL_FIRST),
              Complexity.MEDIUM, new Meaning("medium", PlaceOrder.LOCAL_FIRST),
              Complexity.COMPLEX, new Meaning("large", PlaceOrder.CLOUD_FIRST),
              Complexity.EMERGENCY, new Meaning("large", PlaceOrder.ANYWHERE)),
          Thresholds.STANDARD);

  private static final String FORM =
      "COMPLEXITY=TIER/ORDER of SIMPLE, MEDIUM, COMPLEX, EMERGENCY, a tier of a-z, 0-9, _ and -,"
          + " and LOCAL_FIRST, CLOUD_FIRST, ANYWHERE";

  public EffortPolicy {
    meanings = Map.copyOf(meanings);
    if (meanings.size() != Complexity.values().length) {
      throw new IllegalArgumentException(
          "meanings: " + meanings.keySet() + " (expected: every complexity)");
    }
  }

  public Effort said(Complexity complexity) {
    return effort(complexity, false);
  }

  public Effort classified(Workload work) {
    return effort(classifier.classify(work), true);
  }

  private Effort effort(Complexity complexity, boolean classified) {
    Meaning meaning = meanings.get(complexity);
    if (meaning == null) {
      throw new IllegalStateException(complexity + " means nothing");
    }
    return new Effort(complexity, classified, meaning.tier(), meaning.places());
  }

  public EffortPolicy with(Classifier other) {
    return new EffortPolicy(meanings, other);
  }

  /**
   * This with some meanings in place of its own.
   *
   * @param field how a refusal names the rules
   * @param rules each {@code COMPLEXITY=TIER/ORDER}
   * @throws IllegalArgumentException naming the rule and what was expected
   */
  public EffortPolicy with(String field, List<String> rules) {
    Map<Complexity, Meaning> changed = new EnumMap<>(meanings);
    Set<Complexity> named = EnumSet.noneOf(Complexity.class);
    for (String text : rules) {
      String rule = text.strip();
      if (!rule.matches(
          "(SIMPLE|MEDIUM|COMPLEX|EMERGENCY)=[a-z0-9_-]{1,63}"
              + "/(LOCAL_FIRST|CLOUD_FIRST|ANYWHERE)")) {
        throw new IllegalArgumentException(field + ": " + rule + " (expected: " + FORM + ")");
      }
      String[] words = rule.split("[=/]", -1);
      if (!named.add(Complexity.valueOf(words[0]))) {
        throw new IllegalArgumentException(field + ": " + words[0] + " twice (expected: once)");
      }
      changed.put(
          Complexity.valueOf(words[0]), new Meaning(words[1], PlaceOrder.valueOf(words[2])));
    }
    return new EffortPolicy(changed, classifier);
  }
}
