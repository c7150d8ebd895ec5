package dev.weft.router.app;

import dev.weft.router.domain.task.PriorityClass;
import java.time.Instant;
import java.util.Set;

/**
 * Which dead letters.
 *
 * @param reasons of the task's problem; empty means any
 * @param classes empty means any
 * @param endedFrom the first instant that is meant
 * @param endedBefore the first instant after it that is not
 */
public record LetterFilter(
    Set<String> reasons, Set<PriorityClass> classes, Instant endedFrom, Instant endedBefore) {

  public static final Instant ALWAYS = Instant.EPOCH;
  public static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  public static final LetterFilter ANY = new LetterFilter(Set.of(), Set.of(), ALWAYS, NEVER);

  public LetterFilter {
    reasons = Set.copyOf(reasons);
    classes = Set.copyOf(classes);
  }

  /** What the order of letters does not say. */
  public boolean takes(StoredLetter letter) {
    return (reasons.isEmpty() || reasons.contains(letter.letter().problem().reason()))
        && (classes.isEmpty() || classes.contains(letter.priority()));
  }

  public boolean narrows() {
    return !reasons.isEmpty() || !classes.isEmpty();
  }
}
