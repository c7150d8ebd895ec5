package dev.weft.router;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.ShardKeeper;
import dev.weft.router.grpc.ShardGrpcService;
import dev.weft.router.store.PgShardBook;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The shards of users. */
@Singleton
class ShardBeans {

  private final RouterConfig config;

  ShardBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  ShardKeeper keeper(PlacerLoop placer, CellReader reader, LeaseDatabase database) {
    return new ShardKeeper(
        placer, new PgShardBook(database, config.cell(), RouterBeans.ROLE), reader);
  }

  @Produces
  @Singleton
  ShardGrpcService service(ShardKeeper keeper) {
    return new ShardGrpcService(keeper);
  }

  void start(@Observes StartupEvent event, ShardKeeper keeper) {
    if (config.shards().policy().on()) {
      keeper.start();
    }
  }

  void stop(@Observes ShutdownEvent event, ShardKeeper keeper) {
    keeper.close();
  }
}
