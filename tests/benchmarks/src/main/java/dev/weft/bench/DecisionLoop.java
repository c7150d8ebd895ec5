package dev.weft.bench;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.DecisionBody;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Preference;
import dev.weft.router.domain.placement.Preferences;
import dev.weft.router.domain.placement.Ranking;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Scores;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Decisions as the placer makes them, one after the other on a fleet that is half full: a pick, its
 * record, the room taken; and the room of one that was placed long ago given back.
 */
final class DecisionLoop {

  private static final int DECISIONS_A_COMMIT = 100;
  private static final int KEYS = 1_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private record Placed(WorkerSlot slot, Resources amount) {}

  private final Ranking ranking = new Ranking();
  private final Preference preference;
  private final List<Requirements> needs = new ArrayList<>();
  private final List<Eligibility> shapes = new ArrayList<>();
  private final Deque<Placed> open = new ArrayDeque<>();
  private long decisions;

  DecisionLoop(Algorithm algorithm, int workers, int shapes) {
    Random random = new Random(2);
    Scores scores = Scores.of(PlacementPolicy.configured(table(algorithm)));
    Preferences all = new Preferences(table(algorithm), scores, random);
    this.preference =
        algorithm == Algorithm.AFFINITY
            ? all.affinity()
            : all.of(BenchFleet.EXECUTOR, PriorityClass.P2);
    BenchFleet fleet = new BenchFleet();
    List<WorkerSlot> slots = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      WorkerView view = fleet.worker(i);
      WorkerSlot slot = new WorkerSlot(view.id(), i);
      slot.view(view);
      slot.connected(true);
      slot.credit().capacity(BenchFleet.CAPACITY);
      slots.add(slot);
    }
    for (int shape = 0; shape < shapes; shape++) {
      Requirements need = BenchFleet.task(shape);
      needs.add(need);
      this.shapes.add(new Eligibility(need, slots, new StandardFilter(), scores.get(0), 1, 1));
    }
    for (int i = 0; i < workers * BenchFleet.SLOTS / 2; i++) {
      place();
    }
  }

  static AlgorithmTable table(Algorithm algorithm) {
    return algorithm == Algorithm.AFFINITY
        ? AlgorithmTable.STANDARD
        : AlgorithmTable.STANDARD.with("algorithm", List.of(BenchFleet.EXECUTOR + "=" + algorithm));
  }

  /** CPU of the calling thread for each decision, in ns. */
  double run(int count) {
    long before = THREADS.getCurrentThreadCpuTime();
    DecisionBody body = new DecisionBody("bench");
    for (int i = 0; i < count; i++) {
      if (i % DECISIONS_A_COMMIT == 0) {
        body = new DecisionBody("bench");
      }
      place();
      body.placement(new TaskId(1, decisions), 1, ranking);
      Placed oldest = open.remove();
      oldest.slot.credit().giveBack(BenchFleet.EXECUTOR, oldest.amount);
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - before) / count;
  }

  private void place() {
    int shape = (int) (decisions++ % shapes.size());
    Requirements need = needs.get(shape);
    int key = 1 + (int) (decisions * 31 % KEYS);
    WorkerSlot picked = ranking.pick(preference, key, need, shapes.get(shape), null, List.of());
    if (picked == null) {
      throw new BenchFailure("a half-full fleet has no room (expected: some)");
    }
    picked.credit().take(need.executor(), need.resources());
    open.add(new Placed(picked, need.resources()));
  }
}
