package dev.weft.gateway.domain;

import java.util.List;

/** The bounds that the contract states for filters of dead letters. */
public final class LetterRules {

  static final int MOST_REASONS = 32;

  /** How many letters one call redrives at most. */
  public static final int MOST_REDRIVEN = 100;

  private LetterRules() {}

  /**
   * Passes a well-formed filter.
   *
   * @param classesKnown whether every class is one of the contract's
   * @throws InvalidRequest with every fault found
   */
  public static void check(List<String> reasons, boolean classesKnown) {
    Faults faults = new Faults();
    faults.unless(
        reasons.size() <= MOST_REASONS,
        "filter.reasons",
        reasons.size() + " reasons",
        "at most " + MOST_REASONS);
    for (String reason : reasons) {
      faults.unless(!reason.isBlank(), "filter.reasons", "empty", "a reason of the catalogue");
      faults.text("filter.reasons", reason, TaskRules.MOST_NAME);
    }
    faults.unless(classesKnown, "filter.priority_classes", "unknown", "P0..P6");
    faults.raise();
  }
}
