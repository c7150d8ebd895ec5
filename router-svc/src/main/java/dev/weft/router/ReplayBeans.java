package dev.weft.router;

import dev.weft.platform.lease.CellLease;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.FleetKeeper;
import dev.weft.router.app.PlacementReplays;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.grpc.ReplayGrpcService;
import dev.weft.router.store.PgFleetLog;
import dev.weft.router.store.PgRecordReader;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.OptionalLong;

/** Replays, and the history of the fleet that they need. */
@Singleton
class ReplayBeans {

  private final RouterConfig config;

  ReplayBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  FleetKeeper fleetKeeper(
      LeaseDatabase database, PlacerLoop placer, CellLease lease, Ticker ticker) {
    return new FleetKeeper(
        placer,
        new PgFleetLog(database, config.cell(), RouterBeans.ROLE),
        () -> lease.held().map(one -> OptionalLong.of(one.epoch())).orElse(OptionalLong.empty()),
        ticker);
  }

  @Produces
  @Singleton
  PlacementReplays replays(
      LeaseDatabase database,
      PlacerLoop placer,
      PolicyBook book,
      PlacementPolicy configured,
      Ticker ticker) {
    return new PlacementReplays(
        placer,
        new PgRecordReader(database, ReplayGrpcService.terms()),
        book,
        new PlacementReplays.Rules(configured, config.order().policy()),
        ticker);
  }

  void close(@Disposes PlacementReplays replays) {
    replays.close();
  }

  @Produces
  @Singleton
  ReplayGrpcService service(PlacementReplays replays) {
    return new ReplayGrpcService(replays, InstantSource.system(), config.retention().days());
  }

  void start(@Observes StartupEvent event, FleetKeeper fleet) {
    fleet.start();
  }

  void stop(@Observes ShutdownEvent event, FleetKeeper fleet) {
    fleet.close();
  }
}
