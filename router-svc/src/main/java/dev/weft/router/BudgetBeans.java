package dev.weft.router;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.BudgetBook;
import dev.weft.router.app.ModelPriceTable;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.SpendingKeeper;
import dev.weft.router.app.TenantBudgets;
import dev.weft.router.grpc.BudgetGrpcService;
import dev.weft.router.grpc.ModelPriceGrpcService;
import dev.weft.router.store.PgBudgetBook;
import dev.weft.router.store.PgModelPriceBook;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/** The budgets of tenants, and the prices of models. */
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

  @Produces
  @Singleton
  ModelPriceGrpcService modelPrices(PlacerLoop placer, LeaseDatabase database) {
    PgModelPriceBook book = new PgModelPriceBook(database, config.cell(), RouterBeans.ROLE);
    Executor one = RouterBeans.oneAtATime("router-model-prices");
    return new ModelPriceGrpcService(new ModelPriceTable(placer, book, one));
  }

  void start(@Observes StartupEvent event, SpendingKeeper spending) {
    spending.start();
  }

  void stop(@Observes ShutdownEvent event, SpendingKeeper spending) {
    spending.close();
  }
}
