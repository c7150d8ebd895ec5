package dev.weft.router;

import dev.weft.platform.lease.HolderHint;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.FleetBook;
import dev.weft.router.app.Surroundings;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellSettings;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.cell.Release;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Ties the placer's thread to the fleet, the followers and the lease. */
final class PlacerSurroundings implements Surroundings {

  private final Supplier<FleetBook> fleet;
  private final TaskFollowers followers;
  private final PlacerMetrics metrics;
  private final Supplier<Policies> policies;
  private final Supplier<HolderHint> holder;
  private final String self;
  private final Ticker ticker;

  PlacerSurroundings(
      Supplier<FleetBook> fleet,
      TaskFollowers followers,
      PlacerMetrics metrics,
      Supplier<Policies> policies,
      Supplier<HolderHint> holder,
      String self,
      Ticker ticker) {
    this.fleet = fleet;
    this.followers = followers;
    this.metrics = metrics;
    this.policies = policies;
    this.holder = holder;
    this.self = self;
    this.ticker = ticker;
  }

  @Override
  public CellLoader loader(long epoch) {
    return new CellLoader(
        CellSettings.STANDARD, policies.get(), epoch, new SplittableRandom(), ticker.nanos());
  }

  @Override
  public void prepare(Cell cell) {
    fleet.get().showAll(cell);
  }

  @Override
  public void released(Release release) {
    metrics.released(release);
    followers.released(release);
  }

  @Override
  public void dropped(Denial reason) {
    followers.deny(reason);
  }

  /** While this process holds the cell and loads it, asking again soon is right. */
  @Override
  public Denial notHolder() {
    HolderHint hint = holder.get();
    if (hint.address().equals(self)) {
      return Denial.of(Denial.Reason.CELL_UNAVAILABLE, "the cell is being loaded");
    }
    return new Denial(
        Denial.Reason.NOT_HOLDER,
        "this replica does not hold the cell",
        Map.of("address", hint.address(), "epoch", Long.toString(hint.epoch())));
  }
}
