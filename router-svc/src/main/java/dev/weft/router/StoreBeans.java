package dev.weft.router;

import dev.weft.platform.lease.CellLease;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellJournal;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.store.Housekeeping;
import dev.weft.router.store.PgCellJournal;
import dev.weft.router.store.PgCellReader;
import dev.weft.router.store.PgPolicyBook;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The cell's tables. */
@Singleton
class StoreBeans {
  private static final int READ_CONNECTIONS = 4;

  private final RouterConfig config;

  StoreBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  CellJournal journal(LeaseDatabase database, Ticker ticker) {
    return new PgCellJournal(database, config.cell(), RouterBeans.ROLE, ticker);
  }

  @Produces
  @Singleton
  PgCellReader reader(LeaseDatabase database) {
    return new PgCellReader(database, READ_CONNECTIONS);
  }

  void close(@Disposes PgCellReader reader) {
    reader.close();
  }

  @Produces
  @Singleton
  PolicyBook policies(LeaseDatabase database) {
    return new PgPolicyBook(database);
  }

  @Produces
  @Singleton
  Housekeeping housekeeping(LeaseDatabase database, CellLease lease) {
    return new Housekeeping(database, lease::held, config.retention().days());
  }

  void start(@Observes StartupEvent event, Housekeeping housekeeping) {
    housekeeping.start();
  }

  void stop(@Observes ShutdownEvent event, Housekeeping housekeeping) {
    housekeeping.close();
  }
}
