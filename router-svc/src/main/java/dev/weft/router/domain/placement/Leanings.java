package dev.weft.router.domain.placement;

/**
 * To which workers one task leans, beside what all tasks of its shape have in common: bonuses in
 * the composite score, never conditions.
 *
 * @param files who has its files
 * @param group who serves the shard of its user
 */
public record Leanings(FileHolders files, WorkerGroup group) {

  public static final Leanings NONE = new Leanings(FileHolders.NONE, WorkerGroup.NONE);

  public static Leanings of(FileHolders files, WorkerGroup group) {
    return files.isEmpty() && group.isEmpty() ? NONE : new Leanings(files, group);
  }

  boolean isEmpty() {
    return files.isEmpty() && group.isEmpty();
  }

  /**
   * A score with the bonuses, weighed so that it stays in 0..1.
   *
   * @param score without them
   */
  double score(Candidate candidate, double score) {
    double sum = score;
    double weights = 1;
    if (!files.isEmpty()) {
      double bonus = candidate.share * FileHolders.WEIGHT;
      sum += bonus * files.term(candidate.slot.id());
      weights += bonus;
    }
    if (!group.isEmpty()) {
      double bonus = candidate.share * WorkerGroup.WEIGHT;
      sum += bonus * group.term(candidate.slot.id());
      weights += bonus;
    }
    return sum / weights;
  }
}
