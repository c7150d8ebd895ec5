package dev.weft.cli.local;

import dev.weft.cli.local.WorkerPlan.Guise;
import dev.weft.parts.PoolRecipe;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Tells the scaler how the local mesh's workers are started. Starts nothing. */
final class PoolPlanner {
  private final HomeDirectory home;
  private final MeshOptions options;
  private final ServicePlanner planner;
  private final JavaLauncher launcher;

  PoolPlanner(
      HomeDirectory home, MeshOptions options, ServicePlanner planner, JavaLauncher launcher) {
    this.home = home;
    this.options = options;
    this.planner = planner;
    this.launcher = launcher;
  }

  /** One pool per guise; what isn't started at first can be asked for later. */
  List<PoolRecipe> pools() {
    return Arrays.stream(Guise.values()).map(this::pool).toList();
  }

  private PoolRecipe pool(Guise guise) {
    return new PoolRecipe(
        guise.pool(),
        PoolRecipe.LOCAL_PROCESS,
        guise.shareOf(options.workers()),
        0,
        Guise.MOST,
        guise.slots().stream().map(this::slot).toList());
  }

  private PoolRecipe.Slot slot(WorkerPlan worker) {
    ServicePlan plan = planner.worker(worker);
    return new PoolRecipe.Slot(
        worker.name(),
        launcher.launch(plan),
        plan.ports(),
        Map.of(WorkerProfiles.file(home, worker), WorkerProfiles.text(worker)));
  }
}
