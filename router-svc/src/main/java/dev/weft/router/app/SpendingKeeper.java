package dev.weft.router.app;

import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.UncountedDay;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * On the replica that holds the cell sums up what tenants with a budget have spent before it was in
 * memory: after a takeover, and when a budget is set. On a thread of its own, so that a takeover
 * waits for no sum; while there is nothing to count it asks the database nothing.
 */
public final class SpendingKeeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SpendingKeeper.class);

  private final CellInbox inbox;
  private final BudgetBook book;
  private final KeeperRounds rounds =
      new KeeperRounds("router-spending", "tenants with a budget wait", this::count);

  public SpendingKeeper(CellInbox inbox, BudgetBook book) {
    this.inbox = inbox;
    this.book = book;
  }

  public void start() {
    rounds.start();
  }

  /** One round. */
  public void count() {
    for (UncountedDay day : uncounted()) {
      DaySpent spent = book.spent(day);
      inbox.tellNow(cell -> cell.tenants().count(day, spent), _ -> {});
      LOG.infof(
          "tenant's day counted tenant=%s spent=%s currency=%s tokens=%d",
          day.tenant(), spent.money().amount(), day.currency(), spent.tokens());
    }
  }

  private List<UncountedDay> uncounted() {
    try {
      return TaskQueries.look(inbox, view -> view.uncounted()).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (TaskQueries.denied(e).isPresent()) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    rounds.close();
  }
}
