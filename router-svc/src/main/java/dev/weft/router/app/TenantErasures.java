package dev.weft.router.app;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/** Erases tenants that are closed for good: what is stored, then what the cell's memory holds. */
public final class TenantErasures {
  private static final Logger LOG = Logger.getLogger(TenantErasures.class);

  private final CellInbox inbox;
  private final TenantEraser eraser;
  private final BookCalls calls;

  /**
   * @param blocking where the eraser waits; may refuse
   */
  public TenantErasures(CellInbox inbox, TenantEraser eraser, Executor blocking) {
    this.inbox = inbox;
    this.eraser = eraser;
    this.calls = new BookCalls(blocking, "erased tenants");
  }

  /**
   * Done when nothing of it is stored or in memory any more, but for rows that were being written
   * meanwhile, which go within seconds. After a failure it may be called again. Fails with {@link
   * TaskQueries.Denied} on a replica that does not hold the cell, and as {@link
   * TenantEraser#erase}.
   *
   * @return how many tasks were removed
   */
  public CompletionStage<Long> erase(String tenant) {
    return TaskQueries.look(inbox, view -> view.epoch())
        .thenCompose(epoch -> calls.ask(() -> eraser.erase(epoch, tenant)))
        .thenCompose(
            erased ->
                TaskQueries.tell(inbox, cell -> cell.tenants().forget(tenant))
                    .thenApply(forgotten -> erased(tenant, erased, forgotten)));
  }

  private static long erased(String tenant, long tasks, boolean forgotten) {
    if (!forgotten) {
      throw new TenantEraser.OpenTasks(tenant);
    }
    LOG.infof("tenant erased tenant=%s tasks=%d", tenant, tasks);
    return tasks;
  }
}
