package dev.weft.router;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.TenantTiers;
import dev.weft.router.grpc.LimitGrpcService;
import dev.weft.router.store.PgTierBook;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What tenants may have at once. */
@Singleton
class LimitBeans {

  private final RouterConfig config;

  LimitBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  LimitGrpcService service(PlacerLoop placer, LeaseDatabase database) {
    PgTierBook book = new PgTierBook(database, config.cell(), RouterBeans.ROLE);
    return new LimitGrpcService(
        new TenantTiers(placer, book, RouterBeans.oneAtATime("router-limits")));
  }
}
