package dev.weft.bench;

import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.Destination;
import dev.weft.router.domain.placement.LlmNeed;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Ready workers of eight cores, no two alike in skill, distance and price. */
final class BenchFleet {

  static final int SLOTS = 8;
  static final String EXECUTOR = "shell";

  private static final Isolation WALLS = new Isolation(SandboxLevel.BUBBLEWRAP, false);
  private static final long WORKER_MEMORY = 32L << 30;
  private static final int PERFECT = 1_000;
  private static final int FARTHEST_MILLIS = 500;
  private static final int DEAREST_MICROS = 10_000_000;

  static final Capacity CAPACITY =
      new Capacity(
          1,
          new Resources(SLOTS * 1_000L, WORKER_MEMORY, WORKER_MEMORY, 0),
          Map.of(EXECUTOR, SLOTS));

  private final Random random = new Random(1);

  WorkerView worker(int number) {
    return new WorkerView(
        new WorkerId(new UUID(random.nextLong(), random.nextLong())),
        "worker-" + number,
        Verdict.READY,
        new Skills(
            Map.of("SHELL_OPERATIONS", random.nextInt(PERFECT + 1)),
            Set.of(EXECUTOR),
            Map.of(),
            Set.of()),
        new Machine(0, Resources.NONE, WALLS),
        new Site("us", random.nextInt(FARTHEST_MILLIS), random.nextInt(DEAREST_MICROS), "USD"));
  }

  /**
   * One core and some memory, more for a higher number: so that there are several shapes.
   *
   * @param shape from 0
   */
  static Requirements task(int shape) {
    return new Requirements(
        EXECUTOR,
        List.of(),
        Destination.ANYWHERE,
        LlmNeed.NONE,
        0,
        WALLS,
        new Resources(1_000, (long) shape << 20, 0, 0));
  }
}
