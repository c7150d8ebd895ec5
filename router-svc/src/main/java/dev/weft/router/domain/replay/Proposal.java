package dev.weft.router.domain.replay;

import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.replay.Scenario.PolicyStep;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What is to be otherwise.
 *
 * @param weights of these classes
 * @param algorithm of every executor; empty leaves them
 * @param workers so many in place of the recorded ones
 * @param added in addition
 */
public record Proposal(
    Map<PriorityClass, Weights> weights,
    Optional<String> algorithm,
    OptionalInt workers,
    List<Added> added) {

  public static final Proposal NOTHING =
      new Proposal(Map.of(), Optional.empty(), OptionalInt.empty(), List.of());

  /** How reports call it. */
  public static final String NAME = "proposal";

  public Proposal {
    weights = Map.copyOf(weights);
    added = List.copyOf(added);
  }

  /**
   * Workers that are like a recorded one.
   *
   * @param capabilities in thousandths, over those it has
   * @param like its id or name; empty for the one with the lowest id
   */
  public record Added(int count, Map<String, Integer> capabilities, String like) {
    public Added {
      capabilities = Map.copyOf(capabilities);
    }
  }

  /** A field makes no sense for what was recorded; the message names it. */
  public static final class Unfit extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Unfit(String message) {
      super(message);
    }
  }

  /**
   * The scenario that differs from that of the records by what is proposed.
   *
   * @throws Unfit naming a field, its value and what was expected
   */
  public Scenario in(Scenario then, Workload workload) {
    PlacementPolicy last = then.policies().getLast().policy();
    boolean samePolicy = weights.isEmpty() && algorithm.isEmpty();
    List<PolicyStep> steps =
        samePolicy
            ? then.policies()
            : List.of(new PolicyStep(workload.since(), policy(last, workload)));
    return new Scenario(NAME, steps, fleet(then.fleet(), workload.since()), then.order());
  }

  private PlacementPolicy policy(PlacementPolicy base, Workload workload) {
    Map<PriorityClass, Weights> all = new EnumMap<>(base.weights());
    all.putAll(weights);
    AlgorithmTable table = base.algorithms();
    if (algorithm.isPresent()) {
      TreeSet<String> executors = new TreeSet<>();
      workload.tasks().forEach(task -> executors.add(task.terms().need().executor()));
      table = everywhere(algorithm.get(), executors);
    }
    return new PlacementPolicy(base.version(), all, table);
  }

  private static AlgorithmTable everywhere(String algorithm, Set<String> executors) {
    try {
      return AlgorithmTable.EMPTY.with(
          "algorithm", executors.stream().map(name -> name + "=" + algorithm).toList());
    } catch (IllegalArgumentException e) {
      throw new Unfit(String.valueOf(e.getMessage()));
    }
  }

  private FleetHistory fleet(FleetHistory then, Instant since) {
    List<FleetWorker> recorded = then.workers();
    List<FleetWorker> more = new ArrayList<>();
    for (int kind = 0; kind < added.size(); kind++) {
      Added one = added.get(kind);
      FleetWorker like = like(one, recorded, "added_workers[" + kind + "].like");
      for (int number = 1; number <= one.count(); number++) {
        more.add(copy(like, "added-" + kind + "-" + number, one.capabilities()));
      }
    }
    if (workers.isEmpty()) {
      return then.and(since, more);
    }
    List<FleetWorker> all = new ArrayList<>();
    for (int i = 0; i < workers.getAsInt(); i++) {
      FleetWorker like = recorded.get(i % recorded.size());
      int round = i / recorded.size();
      all.add(round == 0 ? like : copy(like, "copy-" + round, Map.of()));
    }
    all.addAll(more);
    return FleetHistory.constant(since, all);
  }

  private static FleetWorker like(Added added, List<FleetWorker> recorded, String field) {
    return recorded.stream()
        .filter(
            worker ->
                added.like().isEmpty()
                    || added.like().equals(worker.view().name())
                    || added.like().equals(worker.id().toString()))
        .min(Comparator.comparing(FleetWorker::id))
        .orElseThrow(
            () ->
                new Unfit(
                    "%s: %s (expected: the id or name of a worker of that time)"
                        .formatted(field, added.like())));
  }

  /** The same in all but id, name and capabilities; the same copy has the same id each time. */
  private static FleetWorker copy(FleetWorker of, String mark, Map<String, Integer> capabilities) {
    WorkerView view = of.view();
    UUID original = of.id().uuid();
    long salt = mark.hashCode() * 0x9e3779b97f4a7c15L;
    WorkerId id =
        new WorkerId(
            new UUID(original.getMostSignificantBits(), original.getLeastSignificantBits() ^ salt));
    Skills skills = view.skills();
    Map<String, Integer> all = new HashMap<>(skills.capabilities());
    all.putAll(capabilities);
    return new FleetWorker(
        new WorkerView(
            id,
            view.name() + "-" + mark,
            view.verdict(),
            new Skills(all, skills.executors(), skills.llmModels(), skills.queues()),
            view.machine(),
            view.site()),
        of.capacity(),
        of.like());
  }
}
