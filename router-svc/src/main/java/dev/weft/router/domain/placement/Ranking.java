package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.ChangeLog;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Picks the exact maximum among those with room, by whatever is preferred, and keeps the best eight
 * for the record. Few workers are all looked at; of many an index finds the best. One object serves
 * a placer for ever, and hears of every change of the workers among whom it has picked: a pick
 * allocates nothing. Not thread-safe.
 */
public final class Ranking {

  public static final int KEPT = Shortlist.KEPT;

  /** Up to so many eligible workers are looked at one by one. */
  public static final int FEW = 64;

  /** The winner and who else might have been. */
  private static final int FEWEST = 2;

  private final ChangeLog changes = new ChangeLog();
  private final Shortlist best = new Shortlist();
  private int roomy;
  private int winner;
  private @Nullable Requirements need;
  private @Nullable Eligibility eligibility;
  private @Nullable WorkerSlot full;
  private @Nullable Preference by;
  private int key;
  private Leanings leanings = Leanings.NONE;

  /** As below, for a task that leans to no worker. */
  public @Nullable WorkerSlot pick(
      Preference preference,
      int hashKey,
      Requirements need,
      Eligibility among,
      @Nullable List<WorkerSlot> only,
      List<WorkerId> avoid) {
    return pick(preference, hashKey, need, among, only, avoid, Leanings.NONE);
  }

  /**
   * Chooses for one task. Ties go to the lower worker id, so that the same view gives the same
   * choice.
   *
   * @param preference by what
   * @param hashKey the affinity's code, or what stands in for it
   * @param only where to look; null means everywhere
   * @param avoid workers that are taken only if no other has room
   * @param own to whom it leans by itself; only a score counts it
   * @return the worker; null when none has room
   */
  public @Nullable WorkerSlot pick(
      Preference preference,
      int hashKey,
      Requirements need,
      Eligibility among,
      @Nullable List<WorkerSlot> only,
      List<WorkerId> avoid,
      Leanings own) {
    start(preference, hashKey, need, among);
    leanings = preference.algorithm() == Algorithm.COMPOSITE ? own : Leanings.NONE;
    if (only != null) {
      for (int i = 0; i < only.size(); i++) {
        Candidate candidate = among.candidate(only.get(i));
        if (candidate != null) {
          weigh(candidate, need, preference);
        }
      }
    } else if (among.size() > FEW) {
      boolean few = avoid.isEmpty() && leanings.isEmpty();
      find(among.index(preference, changes), few ? FEWEST : KEPT, among);
    } else {
      List<Candidate> candidates = among.candidates();
      for (int i = 0; i < candidates.size(); i++) {
        weigh(candidates.get(i), need, preference);
      }
    }
    if (best.size() == 0) {
      return null;
    }
    if (!leanings.isEmpty()) {
      prefer(among, need, preference);
    }
    winner = avoid.isEmpty() ? 0 : firstNotIn(avoid, need, among, preference);
    Candidate chosen = best.candidate(winner);
    preference.picked(chosen, need);
    return chosen.slot;
  }

  /**
   * Those it leans to are put where they belong, also if they were not among the best before. The
   * others lose all the same part of their score, so their order stays.
   */
  private void prefer(Eligibility among, Requirements need, Preference by) {
    takeOut(leanings.files().workers(), among);
    takeOut(leanings.group().workers(), among);
    for (int i = 0; i < best.size(); i++) {
      best.rank(i, leanings.score(best.candidate(i), best.rank(i)));
    }
    putIn(leanings.files().workers(), among, need, by);
    putIn(leanings.group().workers(), among, need, by);
  }

  private void takeOut(List<WorkerId> workers, Eligibility among) {
    for (int i = 0; i < workers.size(); i++) {
      Candidate candidate = among.candidate(workers.get(i));
      if (candidate != null) {
        best.remove(candidate);
      }
    }
  }

  /** One that is there already, for both reasons, is not there twice. */
  private void putIn(List<WorkerId> workers, Eligibility among, Requirements need, Preference by) {
    for (int i = 0; i < workers.size(); i++) {
      Candidate candidate = among.candidate(workers.get(i));
      if (candidate != null && candidate.slot.hasRoom(need.executor(), need.resources())) {
        double load = candidate.slot.credit().load(need.executor());
        best.remove(candidate);
        best.insert(
            candidate, leanings.score(candidate, by.rank(candidate, need, load, key)), load);
      }
    }
  }

  private void start(Preference preference, int hashKey, Requirements wanted, Eligibility among) {
    by = preference;
    key = hashKey;
    need = wanted;
    eligibility = among;
    best.clear();
    roomy = 0;
    winner = 0;
    full = null;
  }

  private void find(PlacementIndex index, int wanted, Eligibility among) {
    index.find(key, wanted, best);
    roomy = among.size() - index.saturated();
    full = index.saturatedExample();
  }

  private void weigh(Candidate candidate, Requirements need, Preference by) {
    WorkerSlot slot = candidate.slot;
    if (!slot.hasRoom(need.executor(), need.resources())) {
      full = slot;
      return;
    }
    roomy++;
    double load = slot.credit().load(need.executor());
    best.insert(candidate, by.rank(candidate, need, load, key), load);
  }

  /** The best that is not avoided; when all eight are, the rest of the fleet is looked through. */
  private int firstNotIn(
      List<WorkerId> avoid, Requirements need, Eligibility among, Preference by) {
    for (int i = 0; i < best.size(); i++) {
      if (!avoid.contains(best.candidate(i).slot.id())) {
        return i;
      }
    }
    if (roomy > best.size()) {
      for (Candidate candidate : among.candidates()) {
        if (!avoid.contains(candidate.slot.id())
            && candidate.slot.hasRoom(need.executor(), need.resources())) {
          double load = candidate.slot.credit().load(need.executor());
          best.replaceLast(candidate, by.rank(candidate, need, load, key), load);
          return best.size() - 1;
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
    return best.size();
  }

  int winner() {
    return winner;
  }

  Candidate candidate(int index) {
    return best.candidate(index);
  }

  double score(int index) {
    return best.rank(index);
  }

  /** What the last pick counted beside the shape's terms. */
  Leanings leanings() {
    return leanings;
  }

  double load(int index) {
    return best.load(index);
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
