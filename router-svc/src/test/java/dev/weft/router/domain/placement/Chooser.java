package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Chooses for shell tasks by any algorithm. */
final class Chooser {

  static final Scores SCORES = Scores.of(PlacementPolicy.STANDARD);
  private static final Resources ONE_CORE = new Resources(1_000, 0, 0, 0);
  final FourTermScore score = new FourTermScore(Weights.STANDARD);
  final Ranking ranking = new Ranking();

  Preference preference(Algorithm algorithm, PriorityClass priority) {
    if (algorithm == Algorithm.AFFINITY) {
      return new Preferences(AlgorithmTable.STANDARD, SCORES, new Random(3)).affinity();
    }
    AlgorithmTable table = AlgorithmTable.STANDARD.with("rules", List.of("shell=" + algorithm));
    return new Preferences(table, SCORES, new Random(3)).of("shell", priority);
  }

  Eligibility eligibility(List<WorkerSlot> slots) {
    return new Eligibility(Workers.ANY_SHELL, slots, new StandardFilter(), score, 1, 1);
  }

  @Nullable WorkerSlot pick(
      Preference preference,
      int key,
      Eligibility among,
      @Nullable List<WorkerSlot> only,
      List<WorkerId> failedOn) {
    return ranking.pick(preference, key, Workers.ANY_SHELL, among, only, failedOn);
  }

  WorkerSlot pick(Preference preference, int key, List<WorkerSlot> slots) {
    return Objects.requireNonNull(pick(preference, key, eligibility(slots), null, List.of()));
  }

  /** What was written down of the last pick. */
  Decision recorded() {
    DecisionBody body = new DecisionBody("standard-1");
    body.placement(new TaskId(1, 2), 1, ranking);
    return DecisionReader.read(body.document()).getFirst();
  }

  static void take(WorkerSlot slot, int count) {
    for (int i = 0; i < count; i++) {
      slot.credit().take("shell", ONE_CORE);
    }
  }
}
