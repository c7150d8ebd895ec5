package dev.weft.router;

import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.lease.CellLease;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.telemetry.TelemetryConfig;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellJournal;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.CostQueries;
import dev.weft.router.app.CostReader;
import dev.weft.router.app.CrashPoints;
import dev.weft.router.app.DeadLetters;
import dev.weft.router.app.DemandQueries;
import dev.weft.router.app.FleetBook;
import dev.weft.router.app.LeaseQueries;
import dev.weft.router.app.LetterReader;
import dev.weft.router.app.PlacementPolicies;
import dev.weft.router.app.PlacerLoop;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.app.PolicyVersion;
import dev.weft.router.app.PriceLog;
import dev.weft.router.app.Surroundings;
import dev.weft.router.app.TaskAdmissions;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.app.agent.GivenCommands;
import dev.weft.router.app.agent.StoredAgents;
import dev.weft.router.domain.cell.OrderPolicy;
import dev.weft.router.domain.cell.Policies;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.region.Geography;
import dev.weft.router.domain.shard.ShardPolicy;
import dev.weft.router.grpc.BudgetGrpcService;
import dev.weft.router.grpc.CellGrpcService;
import dev.weft.router.grpc.CostGrpcService;
import dev.weft.router.grpc.DemandGrpcService;
import dev.weft.router.grpc.FleetFollower;
import dev.weft.router.grpc.FollowStreams;
import dev.weft.router.grpc.LeaseGrpcService;
import dev.weft.router.grpc.LetterGrpcService;
import dev.weft.router.grpc.LimitGrpcService;
import dev.weft.router.grpc.ModelPriceGrpcService;
import dev.weft.router.grpc.PolicyGrpcService;
import dev.weft.router.grpc.ReplayGrpcService;
import dev.weft.router.grpc.ShardGrpcService;
import dev.weft.router.grpc.TaskSpans;
import dev.weft.router.grpc.WorkGrpcService;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The router's parts. */
@Singleton
class RouterBeans {

  /** Waiting ones; more are told to try again. */
  private static final int MOST_CALLS = 256;

  static final String ROLE = "router";

  private final RouterConfig config;

  RouterBeans(RouterConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  TaskFollowers followers() {
    return new TaskFollowers();
  }

  @Produces
  @Singleton
  PlacerMetrics metrics(MeterRegistry meters) {
    return new PlacerMetrics(meters);
  }

  @Produces
  @Singleton
  Surroundings surroundings(
      Instance<FleetBook> fleet,
      TaskFollowers followers,
      PlacerMetrics metrics,
      PolicyBook policies,
      PlacementPolicy configured,
      CellLease lease,
      MeshRuntime mesh,
      Ticker ticker) {
    OrderPolicy order = config.order().policy();
    Geography geography = config.placement().geography();
    ShardPolicy shards = config.shards().policy();
    return new PlacerSurroundings(
        fleet::get,
        followers,
        metrics,
        () ->
            Policies.of(
                    policies.newest().map(PolicyVersion::policy).orElse(configured),
                    order,
                    geography)
                .with(shards),
        lease::current,
        mesh.advertised().toString(),
        ticker);
  }

  @Produces
  @Singleton
  PlacementPolicy configured() {
    return PlacementPolicy.configured(config.placement().table());
  }

  @Produces
  @Singleton
  PlacerLoop placer(
      CellJournal journal,
      Surroundings surroundings,
      CellLease lease,
      PlacerMetrics metrics,
      Ticker ticker) {
    CrashPoints crashes =
        CrashPoints.parse(
            config.test().crashPoint().orElse(""), () -> Runtime.getRuntime().halt(137));
    PlacerLoop placer = new PlacerLoop(journal, surroundings, lease::refused, ticker, crashes);
    metrics.watch(placer);
    return placer;
  }

  @Produces
  @Singleton
  FleetBook fleet(PlacerLoop placer, PriceLog prices) {
    return new FleetBook(placer, prices);
  }

  @Produces
  @Singleton
  FleetFollower fleetFollower(
      MeshRuntime mesh, FleetBook book, ScheduledExecutorService timer, Ticker ticker) {
    return new FleetFollower(
        mesh.holder("registry"), book, config.placement().places(), timer, ticker);
  }

  @Produces
  @Singleton
  TaskSpans spans(OpenTelemetry telemetry) {
    return new TaskSpans(TelemetryConfig.taken(telemetry), InstantSource.system());
  }

  @Produces
  @Singleton
  WorkGrpcService work(PlacerLoop placer, TaskSpans spans) {
    return new WorkGrpcService(placer, spans);
  }

  @Produces
  @Singleton
  LeaseGrpcService leases(PlacerLoop placer, CellReader reader, StoredAgents agents) {
    return new LeaseGrpcService(new LeaseQueries(placer, reader), GivenCommands.of(agents));
  }

  @Produces
  @Singleton
  LetterGrpcService letters(
      PlacerLoop placer, LetterReader letters, CellReader reader, TaskSpans spans, Ticker ticker) {
    IdGenerator ids = new IdGenerator(config.cell(), InstantSource.system(), new SecureRandom());
    return new LetterGrpcService(
        new DeadLetters(
            placer,
            letters,
            reader,
            LetterGrpcService.resubmission(ids, config.placement().efforts()),
            ticker),
        spans);
  }

  @Produces
  @Singleton
  CostGrpcService costs(CellReader reader, CostReader costs) {
    return new CostGrpcService(
        new CostQueries(reader, costs), InstantSource.system(), config.retention().days());
  }

  @Produces
  @Singleton
  PolicyGrpcService policies(PlacerLoop placer, PolicyBook book, PlacementPolicy configured) {
    return new PolicyGrpcService(
        new PlacementPolicies(placer, book, configured, oneAtATime("router-policies")));
  }

  /**
   * Calls about policies, budgets and limits are rare, and whatever their number they take one
   * connection.
   */
  static Executor oneAtATime(String thread) {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_CALLS),
            Thread.ofPlatform().daemon().name(thread).factory());
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  @Produces
  @Singleton
  DemandGrpcService demand(PlacerLoop placer, ScheduledExecutorService timer, Ticker ticker) {
    return new DemandGrpcService(
        new DemandQueries(placer), timer, ticker, DemandGrpcService.Pace.STANDARD);
  }

  @Produces
  @Singleton
  RouterLifecycle.Services services(
      WorkGrpcService work,
      CellGrpcService cell,
      LeaseGrpcService leases,
      LetterGrpcService letters,
      CostGrpcService costs,
      BudgetGrpcService budgets,
      ModelPriceGrpcService modelPrices,
      LimitGrpcService limits,
      PolicyGrpcService policies,
      ReplayGrpcService replays,
      ShardGrpcService shards,
      DemandGrpcService demand,
      AgentBeans.Services agents) {
    List<MeshService> others =
        List.of(
            MeshService.of(work, "worker"),
            MeshService.of(cell, "gateway", "scaler"),
            MeshService.of(leases, "gateway", "artifact"),
            MeshService.of(letters, "gateway"),
            MeshService.of(costs, "gateway"),
            MeshService.of(budgets, "gateway"),
            MeshService.of(modelPrices, "gateway"),
            MeshService.of(limits, "gateway"),
            MeshService.of(policies, "gateway"),
            MeshService.of(replays, "gateway"),
            MeshService.of(shards, "gateway"),
            MeshService.of(demand, "scaler"));
    return new RouterLifecycle.Services(
        Stream.concat(others.stream(), agents.all().stream()).toList());
  }

  @Produces
  @Singleton
  CellGrpcService cell(
      PlacerLoop placer,
      CellReader reader,
      TaskFollowers followers,
      ScheduledExecutorService timer,
      Ticker ticker,
      TaskSpans spans) {
    TaskQueries queries = new TaskQueries(placer, reader);
    return new CellGrpcService(
        placer,
        new TaskAdmissions(placer, reader, ticker),
        queries,
        reader,
        new FollowStreams(followers, queries, reader, timer),
        spans,
        config.placement().efforts());
  }
}
