package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.CostPage;
import dev.weft.router.app.CostQuery;
import dev.weft.router.app.CostReader;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;

/** One sum at a time, over a connection of its own, which is opened at the first. */
public final class PgCostReader implements CostReader, AutoCloseable {
  private static final String QUERY_CANCELED = "57014";

  private final ReadThreads threads;

  public PgCostReader(LeaseDatabase database) {
    this.threads = new ReadThreads(database, 1);
  }

  @Override
  public CompletionStage<CostPage> costs(CostQuery query) {
    return threads.submit(
        connection -> {
          try {
            return new StoredCosts(connection, query).page();
          } catch (SQLException e) {
            // Asked again at once it would take as long.
            if (QUERY_CANCELED.equals(e.getSQLState())) {
              throw new TooMuch(e);
            }
            throw e;
          }
        });
  }

  @Override
  public void close() {
    threads.close();
  }
}
