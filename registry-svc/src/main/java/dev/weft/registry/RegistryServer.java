package dev.weft.registry;

import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.lease.LeaseSettings;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.mesh.MeshTelemetry;
import dev.weft.platform.time.Ticker;
import dev.weft.registry.app.FleetKeeper;
import dev.weft.registry.app.FleetWatchers;
import dev.weft.registry.app.WorkerStore;
import dev.weft.registry.app.WriteBehind;
import dev.weft.registry.grpc.FleetGrpcService;
import dev.weft.registry.grpc.HeartbeatGrpcService;
import dev.weft.registry.lease.CellHolding;
import dev.weft.registry.lease.FleetTerms;
import dev.weft.registry.store.WorkerStores;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the registry and stops it; the order of both is the list in the methods. */
@ApplicationScoped
class RegistryServer {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration METRICS = Duration.ofSeconds(5);
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private final RegistryConfig config;
  private final Ticker ticker = Ticker.system();
  private final CellHolding holding = new CellHolding();
  private final RegistryLoops loops = new RegistryLoops();
  private final FleetKeeper keeper;
  private final FleetWatchers watchers;
  private final HeartbeatGrpcService heartbeats;
  private final FleetGrpcService fleet;
  private final WorkerStore store;
  private final WriteBehind writing;
  private final RegistryMetrics metrics;
  private final MeshTelemetry telemetry;
  private final Vertx vertx;
  private @Nullable MeshRuntime mesh;
  private volatile long lastJudged;

  RegistryServer(
      RegistryConfig config,
      WorkerStores stores,
      MeterRegistry meters,
      OpenTelemetry tracing,
      Vertx vertx) {
    RegistrySettings settings = RegistrySettings.of(config.registry());
    this.config = config;
    this.vertx = vertx;
    this.telemetry = MeshTelemetry.of(tracing, meters);
    this.store = stores.ofCell(config.cell());
    this.keeper = new FleetKeeper(settings.rules(), holding, InstantSource.system(), ticker);
    this.watchers = new FleetWatchers(keeper, loops.watching(), ticker, settings.watching());
    this.heartbeats = new HeartbeatGrpcService(keeper, settings.heartbeat(), ticker, loops::later);
    this.fleet = new FleetGrpcService(keeper, watchers, settings.rules().mostWorkers());
    this.metrics = new RegistryMetrics(meters);
    this.writing = new WriteBehind(keeper, store, holding, ticker, settings.writing(), metrics);
    this.lastJudged = ticker.nanos();
    metrics.show(meters, heartbeats, watchers, holding);
  }

  void start(@Observes StartupEvent event) {
    MeshRuntime opened = MeshRuntime.open(config, CellHolding.ROLE, vertx, telemetry);
    mesh = opened;
    opened.serve(
        List.of(
            MeshService.of(heartbeats, "worker"),
            MeshService.of(fleet, "router", "gateway", "scaler")),
        MeshServer.Builder::directExecutor);
    loops.judging(RegistrySettings.LOOK, this::judge);
    loops.judging(SECOND, this::everySecond);
    loops.judging(METRICS, () -> metrics.refresh(keeper));
    loops.judging(MINUTE, keeper::forget);
    loops.storingOnce(this::warmUp);
    loops.storing(RegistrySettings.LOOK, writing::round);
    holding.contend(
        LeaseSettings.of(
            config.cell(), CellHolding.ROLE, config.nodeId(), opened.advertised().toString()),
        database(),
        new FleetTerms(keeper, store));
  }

  void stop(@Observes ShutdownEvent event) {
    MeshRuntime opened = mesh;
    if (opened == null) {
      loops.close();
      return;
    }
    GracefulStop.builder()
        .step("stop taking", SECOND, opened::stopTaking)
        .step("write what is left", Duration.ofSeconds(8), this::writeLast)
        .step("give the lease back", Duration.ofSeconds(5), holding::close)
        .step("deregister", Duration.ofSeconds(3), opened::deregister)
        .step("drain", config.stopGrace().plus(SECOND), () -> opened.drain(config.stopGrace()))
        .step("close", SECOND, () -> closeAll(opened))
        .build()
        .run();
  }

  /** Whether calls are taken, here or with a word on who takes them. */
  boolean isServing() {
    return mesh != null && mesh.isServing();
  }

  /** How long ago everybody was judged. */
  Duration sinceJudged() {
    return Duration.ofNanos(ticker.nanos() - lastJudged);
  }

  FleetKeeper keeper() {
    return keeper;
  }

  /** The first query of a process is slow; a takeover must not wait for it. */
  private void warmUp() {
    store.loadAll().await().atMost(WARM_UP);
  }

  private void judge() {
    lastJudged = ticker.nanos();
    keeper.judge();
  }

  private void everySecond() {
    keeper.tellLoads();
    watchers.tick();
    heartbeats.endUnintroduced();
  }

  private void writeLast() throws InterruptedException {
    loops.stop();
    writing.last();
  }

  private void closeAll(MeshRuntime opened) {
    opened.close();
    loops.close();
  }

  private LeaseDatabase database() {
    RegistryConfig.Db db = config.db();
    return new LeaseDatabase(
        db.host(),
        db.port(),
        db.name(),
        db.user(),
        db.password(),
        CellHolding.ROLE,
        "weft-registry-lease " + config.nodeId());
  }
}
