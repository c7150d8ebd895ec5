package dev.weft.router.app;

import dev.weft.router.domain.cell.DemandOfShape;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What waits and runs, from the placer's memory. */
public final class DemandQueries {

  /**
   * The cell's demand at one moment.
   *
   * @param epoch of the placer that counted
   */
  public record Demand(long epoch, List<DemandOfShape> shapes) {}

  private final CellInbox inbox;

  public DemandQueries(CellInbox inbox) {
    this.inbox = inbox;
  }

  /** Fails with {@link TaskQueries.Denied} on a replica that does not hold the cell. */
  public CompletionStage<Demand> now() {
    return TaskQueries.look(inbox, view -> new Demand(view.epoch(), view.demand()));
  }
}
