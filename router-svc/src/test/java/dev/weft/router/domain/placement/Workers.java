package dev.weft.router.domain.placement;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Workers and requirements for tests: a ready shell worker, changed where a test says so. */
public final class Workers {

  private static final Isolation WALLS = new Isolation(SandboxLevel.BUBBLEWRAP, false);
  public static final Requirements ANY_SHELL = shell(List.of());

  private Workers() {}

  public static WorkerId id(int number) {
    return new WorkerId(new UUID(7, number));
  }

  public static Requirements shell(List<CapabilityNeed> needs) {
    return new Requirements(
        "shell",
        needs,
        Destination.ANYWHERE,
        LlmNeed.NONE,
        0,
        WALLS,
        new Resources(1_000, 0, 0, 0));
  }

  public static Requirements cores(int count) {
    return new Requirements(
        "shell",
        List.of(),
        Destination.ANYWHERE,
        LlmNeed.NONE,
        0,
        WALLS,
        new Resources(count * 1_000L, 0, 0, 0));
  }

  /** One core, said to be of that complexity. */
  public static Requirements of(Complexity complexity) {
    return in(
        new Destination("", "", Budget.NONE, Optional.of(EffortPolicy.STANDARD.said(complexity))));
  }

  public static Requirements in(String region) {
    return in(new Destination("", region));
  }

  public static Requirements in(Destination destination) {
    return new Requirements(
        "shell", List.of(), destination, LlmNeed.NONE, 0, WALLS, new Resources(1_000, 0, 0, 0));
  }

  public static WorkerView view(int number) {
    return view(number, Map.of("SHELL_OPERATIONS", 800), new Site("us", 50, 1_000_000, "USD"));
  }

  public static WorkerView view(int number, Map<String, Integer> capabilities, Site site) {
    return new WorkerView(
        id(number),
        "worker-" + number,
        Verdict.READY,
        new Skills(
            capabilities, Set.of("shell", "noop", "agent"), Map.of("qwen", 32_000), Set.of()),
        new Machine(0, Resources.NONE, WALLS),
        site);
  }

  public static Capacity capacity(int slots) {
    return new Capacity(
        1,
        new Resources(slots * 1_000L, 64L << 30, 64L << 30, 0),
        Map.of("shell", slots, "noop", 1_024));
  }

  /** Connected, ready, empty. */
  public static WorkerSlot slot(WorkerView view, int slots) {
    WorkerSlot slot = new WorkerSlot(view.id(), (int) view.id().uuid().getLeastSignificantBits());
    slot.view(view);
    slot.connected(true);
    slot.credit().capacity(capacity(slots));
    return slot;
  }

  public static WorkerSlot slot(int number, int slots) {
    return slot(view(number), slots);
  }
}
