package dev.weft.router;

import dev.weft.platform.lease.CellLease;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.lease.LeaseListener;
import dev.weft.platform.lease.LeaseSettings;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.mesh.MeshTelemetry;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.PlacerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the router stands on: its clock, the mesh, its database, and its turn to hold the cell. */
@Singleton
class GroundBeans {

  private static final String SCHEMA = "router";

  private final RouterConfig config;

  GroundBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  Ticker ticker() {
    return Ticker.system();
  }

  @Produces
  @Singleton
  MeshRuntime mesh(Vertx vertx, OpenTelemetry telemetry, MeterRegistry meters) {
    return MeshRuntime.open(config, RouterBeans.ROLE, vertx, MeshTelemetry.of(telemetry, meters));
  }

  @Produces
  @Singleton
  LeaseDatabase database() {
    RouterConfig.Db db = config.db();
    return new LeaseDatabase(
        db.host(), db.port(), db.name(), db.user(), db.password(), SCHEMA, config.nodeId());
  }

  @Produces
  @Singleton
  CellLease lease(
      LeaseDatabase database, MeshRuntime mesh, Ticker ticker, Instance<PlacerLoop> placer) {
    LeaseListener listener =
        new LeaseListener() {
          @Override
          public void acquired(long epoch) {
            placer.get().acquired(epoch);
          }

          @Override
          public void lost() {
            placer.get().lost();
          }
        };
    LeaseSettings settings =
        LeaseSettings.of(
            config.cell(), RouterBeans.ROLE, config.nodeId(), mesh.advertised().toString());
    return new CellLease(settings, database, listener, ticker);
  }
}
