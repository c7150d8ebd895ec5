package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Picks the exact maximum among those with room, by whatever is preferred, and keeps the best eight
 * for the record. One object serves a placer for ever: a pick allocates nothing. Not thread-safe.
 */
public final class Ranking {

  public static final int KEPT = 8;

  private final Candidate[] best = new Candidate[KEPT];
  private final double[] scores = new double[KEPT];
  private final double[] loads = new double[KEPT];
  private int size;
  private int roomy;
  private int winner;
  private @Nullable Requirements need;
  private @Nullable Eligibility eligibility;
  private @Nullable WorkerSlot full;
  private @Nullable Preference by;
  private int key;

  /**
   * Chooses for one task. Ties go to the lower worker id, so that the same view gives the same
   * choice.
   *
   * @param preference by what
   * @param hashKey the affinity's code, or what stands in for it
   * @param only where to look; null means everywhere
   * @param avoid workers that are taken only if no other has room
   * @return the worker; null when none has room
   */
  public @Nullable WorkerSlot pick(
      Preference preference,
      int hashKey,
      Requirements need,
      Eligibility among,
      @Nullable List<WorkerSlot> only,
      List<WorkerId> avoid) {
    start(need, among);
    by = preference;
    key = hashKey;
    if (only == null) {
      List<Candidate> candidates = among.candidates();
      for (int i = 0; i < candidates.size(); i++) {
        weigh(candidates.get(i), need, preference);
      }
    } else {
      for (int i = 0; i < only.size(); i++) {
        Candidate candidate = among.candidate(only.get(i));
        if (candidate != null) {
          weigh(candidate, need, preference);
        }
      }
    }
    if (size == 0) {
      return null;
    }
    winner = avoid.isEmpty() ? 0 : firstNotIn(avoid, need, among, preference);
    preference.picked(best[winner], need);
    return best[winner].slot;
  }

  private void start(Requirements wanted, Eligibility among) {
    need = wanted;
    eligibility = among;
    size = 0;
    roomy = 0;
    winner = 0;
    full = null;
  }

  private void weigh(Candidate candidate, Requirements need, Preference by) {
    WorkerSlot slot = candidate.slot;
    if (!slot.hasRoom(need.executor(), need.resources())) {
      full = slot;
      return;
    }
    roomy++;
    double load = slot.credit().load(need.executor());
    insert(candidate, by.rank(candidate, need, load, key), load);
  }

  private void insert(Candidate candidate, double total, double load) {
    int at = size;
    while (at > 0 && better(candidate, total, at - 1)) {
      at--;
    }
    if (at == KEPT) {
      return;
    }
    int moved = Math.min(size, KEPT - 1) - at;
    System.arraycopy(best, at, best, at + 1, moved);
    System.arraycopy(scores, at, scores, at + 1, moved);
    System.arraycopy(loads, at, loads, at + 1, moved);
    best[at] = candidate;
    scores[at] = total;
    loads[at] = load;
    size = Math.min(size + 1, KEPT);
  }

  private boolean better(Candidate candidate, double total, int than) {
    return total > scores[than]
        || (total == scores[than] && candidate.slot.id().compareTo(best[than].slot.id()) < 0);
  }

  /** The best that is not avoided; when all eight are, the rest of the fleet is looked through. */
  private int firstNotIn(
      List<WorkerId> avoid, Requirements need, Eligibility among, Preference by) {
    for (int i = 0; i < size; i++) {
      if (!avoid.contains(best[i].slot.id())) {
        return i;
      }
    }
    if (roomy > size) {
      for (Candidate candidate : among.candidates()) {
        if (!avoid.contains(candidate.slot.id())
            && candidate.slot.hasRoom(need.executor(), need.resources())) {
          double load = candidate.slot.credit().load(need.executor());
          best[size - 1] = candidate;
          scores[size - 1] = by.rank(candidate, need, load, key);
          loads[size - 1] = load;
          return size - 1;
        }
      }
    }
    return 0;
  }

  /** By what the last pick was made. */
  Algorithm algorithm() {
    return Objects.requireNonNull(by, "no pick yet").algorithm();
  }

  Eligibility eligibility() {
    return Objects.requireNonNull(eligibility, "no pick yet");
  }

  int size() {
    return size;
  }

  int winner() {
    return winner;
  }

  Candidate candidate(int index) {
    return best[index];
  }

  double score(int index) {
    return scores[index];
  }

  double load(int index) {
    return loads[index];
  }

  /** Eligible workers without room at the last pick. */
  public int saturated() {
    return eligibility().size() - roomy;
  }

  /** One of them; null when there is none. */
  @Nullable WorkerSlot saturatedExample() {
    if (full == null && saturated() > 0) {
      Requirements wanted = Objects.requireNonNull(need, "no pick yet");
      for (Candidate candidate : eligibility().candidates()) {
        if (!candidate.slot.hasRoom(wanted.executor(), wanted.resources())) {
          return candidate.slot;
        }
      }
    }
    return full;
  }
}
