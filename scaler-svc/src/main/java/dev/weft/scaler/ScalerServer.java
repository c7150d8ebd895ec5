package dev.weft.scaler;

import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.lease.LeaseSettings;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.mesh.MeshTelemetry;
import dev.weft.platform.time.Ticker;
import dev.weft.scaler.app.Capacity;
import dev.weft.scaler.app.CapacityProvider;
import dev.weft.scaler.app.DemandBoard;
import dev.weft.scaler.app.PoolKeeper;
import dev.weft.scaler.app.PoolStore;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.grpc.DemandFollower;
import dev.weft.scaler.grpc.FleetFollower;
import dev.weft.scaler.grpc.PlacerDrains;
import dev.weft.scaler.grpc.PoolGrpcService;
import dev.weft.scaler.lease.CellHolding;
import dev.weft.scaler.lease.PoolTerms;
import dev.weft.scaler.local.LocalProcessProvider;
import dev.weft.scaler.local.RecipeCatalog;
import dev.weft.scaler.store.PgPoolStore;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the scaler and stops it; the order of both is the list in the methods. */
@ApplicationScoped
class ScalerServer {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration METRICS = Duration.ofSeconds(2);
  private static final Duration RETENTION = Duration.ofMinutes(10);
  private static final Duration PLACER_PATIENCE = Duration.ofSeconds(2);
  private static final int MOST_FORGOTTEN = 1_000;

  private final ScalerConfig config;
  private final ScalerSettings settings;
  private final Ticker ticker = Ticker.system();
  private final CellHolding holding = new CellHolding();
  private final DemandBoard demand = new DemandBoard();
  private final ScalerLoops loops = new ScalerLoops();
  private final ScalerMetrics metrics;
  private final PoolStore store;
  private final MeshTelemetry telemetry;
  private final Vertx vertx;
  private @Nullable Parts parts;
  private volatile long lastRound;

  /** What needs the mesh's channels. */
  private record Parts(
      MeshRuntime mesh,
      PoolKeeper keeper,
      FleetFollower fleet,
      DemandFollower demand,
      PlacerDrains drains) {}

  ScalerServer(
      ScalerConfig config,
      AgroalDataSource database,
      MeterRegistry meters,
      OpenTelemetry tracing,
      Vertx vertx) {
    this.config = config;
    this.settings = ScalerSettings.of(config.scaler());
    this.vertx = vertx;
    this.telemetry = MeshTelemetry.of(tracing, meters);
    this.store = new PgPoolStore(database, config.cell(), CellHolding.ROLE);
    this.metrics = new ScalerMetrics(meters, holding);
    this.lastRound = ticker.nanos();
  }

  void start(@Observes StartupEvent event) {
    MeshRuntime mesh = MeshRuntime.open(config, CellHolding.ROLE, vertx, telemetry);
    Parts opened = parts(mesh);
    parts = opened;
    mesh.serve(List.of(MeshService.of(new PoolGrpcService(opened.keeper()), "gateway")));
    opened.fleet().start();
    opened.demand().start();
    loops.keeping(settings.look(), this::round);
    loops.aside(METRICS, this::showMetrics);
    loops.aside(RETENTION, this::forget);
    holding.contend(
        LeaseSettings.of(
            config.cell(), CellHolding.ROLE, config.nodeId(), mesh.advertised().toString()),
        leaseDatabase(),
        new PoolTerms(opened.keeper()));
  }

  private Parts parts(MeshRuntime mesh) {
    FleetFollower fleet = new FleetFollower(mesh.holder("registry"), loops.timer(), ticker);
    PlacerDrains drains = new PlacerDrains(mesh.holder("router"), PLACER_PATIENCE);
    List<CapacityProvider> providers =
        settings.local().stream()
            .<CapacityProvider>map(at -> new LocalProcessProvider(at.recipes(), at.run()))
            .toList();
    IdGenerator ids = new IdGenerator(config.cell(), InstantSource.system(), new SecureRandom());
    PoolKeeper keeper =
        new PoolKeeper(
            new PoolKeeper.Surroundings(
                new RecipeCatalog(
                    settings.local().map(ScalerSettings.Local::recipes), settings.rules()),
                store,
                new Capacity(providers, drains, PLACER_PATIENCE),
                fleet,
                holding,
                metrics),
            ticker,
            () -> new InstanceId(PrefixedId.format("ins", ids.next())));
    DemandFollower follower =
        new DemandFollower(mesh.holder("router"), demand, loops.timer(), ticker);
    return new Parts(mesh, keeper, fleet, follower, drains);
  }

  void stop(@Observes ShutdownEvent event) {
    Parts opened = parts;
    if (opened == null) {
      loops.close();
      return;
    }
    MeshRuntime mesh = opened.mesh();
    GracefulStop.builder()
        .step("stop taking", SECOND, mesh::stopTaking)
        .step("end the round", Duration.ofSeconds(10), loops::stop)
        .step("give the lease back", Duration.ofSeconds(5), holding::close)
        .step("deregister", Duration.ofSeconds(3), mesh::deregister)
        .step("drain", config.stopGrace().plus(SECOND), () -> mesh.drain(config.stopGrace()))
        .step("close", SECOND, () -> closeAll(opened))
        .build()
        .run();
  }

  /** Whether calls are taken, here or with a word on who takes them. */
  boolean isServing() {
    Parts opened = parts;
    return opened != null && opened.mesh().isServing();
  }

  /** How long ago the pools were looked at, by an active or a standby scaler. */
  Duration sinceRound() {
    return Duration.ofNanos(ticker.nanos() - lastRound);
  }

  PoolKeeper keeper() {
    Parts opened = parts;
    if (opened == null) {
      throw new IllegalStateException("not started");
    }
    return opened.keeper();
  }

  private void round() {
    keeper().round();
    lastRound = ticker.nanos();
  }

  private void showMetrics() {
    metrics.refresh(keeper().epoch().isPresent() ? keeper().list() : List.of(), demand);
  }

  private void forget() {
    int forgotten;
    do {
      forgotten = keeper().forget(settings.keep(), MOST_FORGOTTEN);
    } while (forgotten >= MOST_FORGOTTEN);
  }

  private void closeAll(Parts opened) {
    opened.fleet().close();
    opened.demand().close();
    opened.drains().close();
    opened.mesh().close();
    loops.close();
  }

  private LeaseDatabase leaseDatabase() {
    ScalerConfig.Db db = config.db();
    return new LeaseDatabase(
        db.host(),
        db.port(),
        db.name(),
        db.user(),
        db.password(),
        CellHolding.ROLE,
        "weft-scaler-lease " + config.nodeId());
  }
}
