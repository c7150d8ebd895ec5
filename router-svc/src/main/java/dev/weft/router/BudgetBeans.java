package dev.weft.router;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.BudgetBook;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.SpendingKeeper;
import dev.weft.router.app.TenantBudgets;
import dev.weft.router.grpc.BudgetGrpcService;
import dev.weft.router.store.PgBudgetBook;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/** The budgets of tenants. */
@Singleton
class BudgetBeans {

  private final RouterConfig config;

  BudgetBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  BudgetBook budgets(LeaseDatabase database) {
    return new PgBudgetBook(database, config.cell(), RouterBeans.ROLE);
  }

  @Produces
  @Singleton
  SpendingKeeper spending(PlacerLoop placer, BudgetBook book) {
    return new SpendingKeeper(placer, book);
  }

  @Produces
  @Singleton
  BudgetGrpcService service(PlacerLoop placer, BudgetBook book) {
    Executor one = RouterBeans.oneAtATime("router-budgets");
    return new BudgetGrpcService(new TenantBudgets(placer, book, one));
  }

  void start(@Observes StartupEvent event, SpendingKeeper spending) {
    spending.start();
  }

  void stop(@Observes ShutdownEvent event, SpendingKeeper spending) {
    spending.close();
  }
}
