package dev.weft.router;

import dev.weft.platform.lease.CellLease;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellJournal;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.app.PriceKeeper;
import dev.weft.router.app.PriceLog;
import dev.weft.router.store.Housekeeping;
import dev.weft.router.store.PgAgentBook;
import dev.weft.router.store.PgCellJournal;
import dev.weft.router.store.PgCellReader;
import dev.weft.router.store.PgCostReader;
import dev.weft.router.store.PgPolicyBook;
import dev.weft.router.store.PgPriceStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.OptionalLong;

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
  PgCostReader costs(LeaseDatabase database) {
    return new PgCostReader(database);
  }

  void close(@Disposes PgCostReader costs) {
    costs.close();
  }

  @Produces
  @Singleton
  PriceLog prices(Ticker ticker) {
    return new PriceLog(ticker);
  }

  @Produces
  @Singleton
  PriceKeeper priceKeeper(LeaseDatabase database, PriceLog log, CellLease lease, Ticker ticker) {
    PgPriceStore store = new PgPriceStore(database, config.cell(), RouterBeans.ROLE);
    return new PriceKeeper(
        log,
        store,
        () -> lease.held().map(one -> OptionalLong.of(one.epoch())).orElse(OptionalLong.empty()),
        ticker);
  }

  @Produces
  @Singleton
  PolicyBook policies(LeaseDatabase database) {
    return new PgPolicyBook(database, config.cell(), RouterBeans.ROLE);
  }

  @Produces
  @Singleton
  PgAgentBook agents(LeaseDatabase database) {
    return new PgAgentBook(database, config.cell(), RouterBeans.ROLE);
  }

  void close(@Disposes PgAgentBook agents) {
    agents.close();
  }

  @Produces
  @Singleton
  Housekeeping housekeeping(LeaseDatabase database, CellLease lease) {
    return new Housekeeping(database, lease::held, config.retention().days());
  }

  void start(@Observes StartupEvent event, Housekeeping housekeeping, PriceKeeper prices) {
    housekeeping.start();
    prices.start();
  }

  void stop(@Observes ShutdownEvent event, Housekeeping housekeeping, PriceKeeper prices) {
    housekeeping.close();
    prices.close();
  }
}
