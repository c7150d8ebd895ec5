package dev.weft.worker;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.lifecycle.GracefulStop;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.Carrying;
import dev.weft.worker.app.Executor;
import dev.weft.worker.app.SerialLoop;
import dev.weft.worker.app.Tally;
import dev.weft.worker.app.WorkDesk;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.probe.OwnHealth;
import dev.weft.worker.app.probe.Probing;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.grpc.ArtifactLinks;
import dev.weft.worker.grpc.GrpcAgentHomes;
import dev.weft.worker.grpc.MeshStreams;
import dev.weft.worker.grpc.MeshWays;
import dev.weft.worker.join.JoinDoor;
import dev.weft.worker.join.Membership;
import dev.weft.worker.linux.Incarnation;
import dev.weft.worker.profile.LoadMeter;
import dev.weft.worker.sandbox.SandboxKit;
import dev.weft.worker.sandbox.WarmBodyPlaces;
import dev.weft.worker.workspace.SpareTrees;
import dev.weft.worker.workspace.TreeCarrier;
import dev.weft.worker.workspace.WorkspaceCache;
import io.grpc.ClientInterceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** One worker from its start to its end. Starting reads as a list; ending is the list backwards. */
final class WorkerProcess implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(WorkerProcess.class);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration BODIES_LOOK = Duration.ofSeconds(30);
  private static final Duration RENEWAL_LOOK = Duration.ofMinutes(1);
  private static final Duration SETTLE = Duration.ofSeconds(3);
  private static final Duration SEAL = Duration.ofSeconds(10);
  private static final Duration PART = Duration.ofSeconds(3);

  private final WorkerConfig config;
  private final ConfiguredBounds bounds;
  private final Watching watching;
  private final DataLock lock;
  private final SandboxKit kit;
  private final Membership membership;
  private final MeshChannels channels;
  private final MeshWays ways;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weft-timer").factory());
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final WorkDesk desk;
  private final Tally tally;
  private final SerialLoop loop;
  private final Probing probing;
  private final LoadMeter load;
  private final Set<String> executorKinds;
  private final ArtifactLinks artifacts;
  private final SpareTrees spares;
  private final GrpcAgentHomes homes;
  private final Optional<WarmBodyPlaces> bodies;
  private final MeshStreams streams;
  private final CompletableFuture<Void> hurry = new CompletableFuture<>();
  private final AtomicBoolean asking = new AtomicBoolean();

  /**
   * Who looks on at which worker's work, and what to do when the registry wants the worker to end.
   */
  record Watching(
      BiFunction<Executor, String, Executor> executors,
      List<ClientInterceptor> clients,
      Runnable onShutDown) {}

  /** Opens all parts, without dialling yet. Blocks until the mesh has let this worker in. */
  WorkerProcess(WorkerConfig config, Watching watching) throws IOException, InterruptedException {
    this.config = config;
    this.bounds = new ConfiguredBounds(config);
    this.watching = watching;
    InstantSource clock = InstantSource.system();
    Path data = config.dataDir().toAbsolutePath();
    lock = DataLock.take(data);
    long incarnation = Incarnation.begin(data, clock);
    kit = SandboxKit.open(bounds.sandbox(data), Long.toString(incarnation));
    WorkerProfile profile = new OwnProfile(config, kit).read(data);
    JoinToken token = JoinToken.parse(Files.readString(config.join().tokenFile()));
    JoinDoor door =
        new JoinDoor(HostPort.parse(config.join().address()), config.join().plaintext(), token);
    RandomGenerator random = RandomGenerator.getDefault();
    membership = Membership.enter(new Membership.Entrance(door, token, clock, random), data);
    channels = new MeshChannels(membership.identity(), null, watching.clients());
    ways = new MeshWays(channels, membership::endpoints);
    Ticker ticker = Ticker.system();
    MeshStreams.Dialling dialling =
        new MeshStreams.Dialling(membership::endpoints, ways::open, timer, random, this::askAgain);
    artifacts = new ArtifactLinks(dialling, ticker, bounds.output());
    WorkspaceCache cache = WorkspaceCache.open(data.resolve("cache"), bounds.cache());
    Afterwards afterwards = new Afterwards(timer, blocking);
    spares = new SpareTrees(kit.attempts(), cache, bounds.spares(), afterwards::soon);
    Carrying carrying =
        new Carrying(
            new TreeCarrier(artifacts.store(), cache, spares, clock),
            artifacts.vault(),
            artifacts.logs(),
            timer,
            clock);
    homes = new GrpcAgentHomes(placer(), dialling, config.agents().warmLines(), ticker);
    Limits most = bounds.ofTask(profile.execution().taskLimits());
    bodies = kit.bodyPlaces(most, warmSandboxes(profile), afterwards::inAWhile);
    OfferedWork offered =
        new OfferedWork(kit, bodies, carrying, homes, config.sandbox().grace(), ticker);
    var parts = DeskParts.make(executors(offered, profile, most), profile, ticker);
    desk = parts.desk();
    tally = parts.tally();
    loop = parts.loop();
    // Its own: a meter measures from look to look, and the beats' looks must not be disturbed.
    load = new LoadMeter(data);
    executorKinds = profile.execution().slots().keySet();
    probing =
        new ProbeParts(offered, artifacts.services(), data)
            .make(most, parts.view(), new Probing.Means(blocking, ticker, random));
    streams =
        new MeshStreams(
            dialling,
            new MeshStreams.Self(membership.workerId(), incarnation, profile, ticker),
            new MeshStreams.Cargo(
                desk, loop, parts.view(), new LoadMeter(data), probing, this::endWhenDrained));
  }

  private HolderClient placer() {
    return new HolderClient(
        "router",
        () -> membership.endpoints().work().stream().map(HostPort::parse).toList(),
        () -> membership.endpoints().throughDoor(),
        channels);
  }

  /** None where there never is an agent. */
  private int warmSandboxes(WorkerProfile profile) {
    boolean agents = profile.execution().slots().getOrDefault(Work.Agent.KIND, 0) > 0;
    return agents ? config.agents().warmSandboxes() : 0;
  }

  private List<Executor> executors(OfferedWork offered, WorkerProfile profile, Limits most) {
    return offered
        .executors(most, profile.execution().networkOpen())
        .map(executor -> watching.executors().apply(executor, membership.workerId()))
        .toList();
  }

  /** Begins to dial and to look after what runs. */
  void start() {
    timer.scheduleAtFixedRate(
        () -> loop.execute(desk::tick), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(
        () -> blocking.execute(() -> membership.renewIfDue(ways::toGateway)),
        RENEWAL_LOOK.toMillis(),
        RENEWAL_LOOK.toMillis(),
        TimeUnit.MILLISECONDS);
    bodies.ifPresent(
        places ->
            timer.scheduleAtFixedRate(
                () -> blocking.execute(places::tend),
                0,
                BODIES_LOOK.toMillis(),
                TimeUnit.MILLISECONDS));
    SandboxWatch watch =
        new SandboxWatch(
            () -> CompletableFuture.supplyAsync(tally::sandboxes, loop),
            kit::fault,
            new SandboxFindings(tally, loop));
    watch.begin(timer, blocking);
    probing.begin(timer);
    streams.start();
  }

  private void askAgain() {
    if (asking.compareAndSet(false, true)) {
      blocking.execute(
          () -> {
            try {
              membership.askAgain(ways::toGateway);
            } finally {
              asking.set(false);
            }
          });
    }
  }

  private void endWhenDrained() {
    LOG.info("the registry wants this worker to end when it is drained");
    loop.execute(() -> desk.drained().thenRun(watching.onShutDown()));
  }

  /** No more patience: what runs is ended now. */
  void hurry() {
    hurry.complete(null);
    loop.execute(() -> desk.drain(Duration.ZERO));
  }

  /** What the worker is doing. */
  CompletableFuture<WorkView> view() {
    return CompletableFuture.supplyAsync(desk::view, loop);
  }

  /** How the worker is, given what it is doing. */
  OwnHealth health(WorkView view) {
    return new OwnHealth(membership.workerId(), view, load.get(), executorKinds, probing.newest());
  }

  @Override
  public void close() {
    Duration grace = config.drain().grace();
    Duration kill = config.sandbox().grace().plus(SETTLE);
    GracefulStop.builder()
        .step("drain", grace.plus(kill).plus(SETTLE), () -> drain(grace, kill))
        .step("output", SEAL.plus(SETTLE), this::sealOutput)
        .step("streams", PART, streams::close)
        .step("homes", PART, homes::close)
        .step("artifacts", PART, artifacts::close)
        .step("spares", PART, spares::close)
        .step("bodies", PART.multipliedBy(3), () -> bodies.ifPresent(WarmBodyPlaces::close))
        .step("sandboxes", PART.multipliedBy(3), kit::close)
        .step("channels", PART, channels::close)
        .step("threads", PART, this::closeThreads)
        .build()
        .run();
  }

  /**
   * Work first, then its results: both can be cut short, the results also by a placer that does not
   * answer.
   */
  private void drain(Duration grace, Duration kill) throws Exception {
    loop.execute(() -> desk.drain(hurry.isDone() ? Duration.ZERO : grace));
    CompletableFuture<Void> patience = patience();
    CompletableFuture.anyOf(desk.idle(), patience)
        .orTimeout(grace.plus(kill).toMillis(), TimeUnit.MILLISECONDS)
        .join();
    CompletableFuture.anyOf(desk.drained(), patience)
        .completeOnTimeout(null, SETTLE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** Ends a while after somebody lost it. */
  private CompletableFuture<Void> patience() {
    return hurry.thenCompose(
        now ->
            CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(SETTLE.toMillis(), TimeUnit.MILLISECONDS)));
  }

  /** What commands wrote last is not lost because the worker stops, if anybody takes it in time. */
  private void sealOutput() {
    CompletableFuture.anyOf(artifacts.outputSealed(), patience())
        .completeOnTimeout(null, SEAL.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private void closeThreads() throws IOException {
    timer.shutdownNow();
    blocking.shutdownNow();
    loop.close();
    lock.close();
  }
}
