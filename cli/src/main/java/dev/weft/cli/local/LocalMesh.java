package dev.weft.cli.local;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.PostgresAdmin;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.RunFile;
import dev.weft.parts.Tool;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts, looks after and ends the mesh of one folder. What runs goes on running when this object
 * is gone; the run files lead back to it.
 */
public final class LocalMesh {
  private static final List<String> SCHEMAS =
      List.of("gateway", "router", "registry", "artifact", "scaler");

  private static final String WORKER = "worker";

  private final HomeDirectory home;
  private final Path root;
  private final Map<String, String> environment;
  private final BinaryFinder finder;
  private final MeshProgress progress;
  private final Shutdown shutdown;
  private volatile boolean cancelled;

  /** What ran when {@link #up} began, by name; null when there is nothing that it has to end. */
  private volatile @Nullable Set<String> before;

  public LocalMesh(
      HomeDirectory home, Path root, Map<String, String> environment, MeshProgress progress) {
    this.home = home;
    this.root = root;
    this.environment = Map.copyOf(environment);
    this.finder = new BinaryFinder(environment);
    this.progress = progress;
    this.shutdown = new Shutdown(home, progress);
  }

  public HomeDirectory home() {
    return home;
  }

  /** What {@link #up} found and did. */
  public record UpReport(List<String> started, List<String> already, List<String> remarks) {}

  /**
   * Starts everything that doesn't run and returns once all of it is ready. If that fails, ends
   * what it started.
   */
  public UpReport up(MeshOptions wanted) {
    try (MeshLock _ = MeshLock.take(home)) {
      requireSameShape(wanted);
      before = names(RunFile::isRunning);
      try {
        return start(wanted);
      } catch (RuntimeException e) {
        endStarted();
        before = null;
        throw e;
      }
    }
  }

  private UpReport start(MeshOptions wanted) {
    shutdown.forgetReady();
    JointStart start = new JointStart(home, this::requireNotCancelled);
    MeshSecrets secrets = new MeshSecrets(home);
    PartsPlanner parts = new PartsPlanner(home, new PortPlan(wanted.portBase()), secrets, finder);
    MeshOptions options = wanted.consul() ? withConsulIfPossible(wanted, parts, start) : wanted;
    options.write(home);
    remarkSandbox(parts, start);
    PostgresProcess postgres = startParts(options, parts, start);
    createSchemas(postgres, secrets);
    startServices(options, new ServicePlanner(home, options, secrets), start);
    shutdown.noteReady();
    return start.report();
  }

  /** What {@link #up} started stays, whatever becomes of this object and its process. */
  public void keep() {
    before = null;
  }

  /**
   * Ends what {@link #up} started, unless it is to stay; another thread that is in there still
   * gives up.
   */
  public void abandon() {
    cancelled = true;
    if (before != null) {
      endStarted(); // Whoever waits for them to be ready sees them end.
      try (MeshLock _ = MeshLock.take(home)) {
        endStarted();
      }
    }
  }

  private void endStarted() {
    Set<String> kept = before;
    if (kept == null) {
      return;
    }
    if (names(RunFile::isRunning).stream().anyMatch(name -> !kept.contains(name))) {
      progress.step("ending what was started");
    }
    shutdown.stop(file -> !kept.contains(file.name()));
    RunFile.all(home.run()).stream()
        .filter(file -> !file.isRunning())
        .forEach(file -> file.delete(home.run()));
  }

  /** Ends everything, in order; returns the names of what had still run. */
  public List<String> down() {
    try (MeshLock _ = MeshLock.take(home)) {
      List<String> stopped = shutdown.stop();
      RunFile.all(home.run()).forEach(file -> file.delete(home.run()));
      return stopped;
    }
  }

  /** See {@link SingleProcesses#start}. */
  public RunFile start(String name) {
    return new SingleProcesses(home).start(name);
  }

  /** See {@link SingleProcesses#kill}. */
  public boolean kill(String name) {
    return new SingleProcesses(home).kill(name);
  }

  private void requireSameShape(MeshOptions wanted) {
    boolean runs = RunFile.all(home.run()).stream().anyMatch(RunFile::isRunning);
    Optional<MeshOptions> running = MeshOptions.read(home).filter(_ -> runs);
    if (running.isPresent() && !sameShape(running.get(), wanted)) {
      throw new MeshFailure(
          "the mesh in %s runs as %s (asked: %s); end it first: weft down"
              .formatted(home.root(), running.get(), wanted));
    }
  }

  /** A mesh that does without Consul because there is none is still the one that was asked for. */
  private static boolean sameShape(MeshOptions running, MeshOptions wanted) {
    return running.portBase() == wanted.portBase()
        && running.replicas() == wanted.replicas()
        && running.workers() == wanted.workers()
        && running.scaler() == wanted.scaler()
        && (wanted.consul() || !running.consul());
  }

  private MeshOptions withConsulIfPossible(
      MeshOptions wanted, PartsPlanner parts, JointStart start) {
    if (finder.find(Tool.CONSUL).isEmpty()) {
      progress.step("fetching Consul, once");
    }
    Optional<String> missing = parts.missing(Tool.CONSUL);
    if (missing.isEmpty()) {
      return wanted;
    }
    start.remark(missing.get() + ". The services use a fixed list of addresses instead.");
    return wanted.withoutConsul();
  }

  private void remarkSandbox(PartsPlanner parts, JointStart start) {
    parts
        .missing(Tool.BUBBLEWRAP)
        .ifPresent(why -> start.remark(why + ". Workers take no commands and no agents."));
  }

  private PostgresProcess startParts(MeshOptions options, PartsPlanner parts, JointStart start) {
    for (Tool tool : List.of(Tool.POSTGRES, Tool.REDIS)) {
      if (finder.find(tool).isEmpty()) {
        progress.step("fetching " + tool.title() + ", once");
      }
    }
    progress.step("starting PostgreSQL, Redis" + (options.consul() ? " and Consul" : ""));
    PostgresProcess postgres = parts.postgres();
    List<Member> members = new ArrayList<>(List.of(parts.member(postgres), parts.redis()));
    if (options.consul()) {
      members.add(parts.consul());
    }
    start.start(members);
    return postgres;
  }

  private static void createSchemas(PostgresProcess postgres, MeshSecrets secrets) {
    PostgresAdmin admin = postgres.admin();
    admin.ensureDatabase("weft");
    SCHEMAS.forEach(
        schema -> admin.ensureService("weft", schema, secrets.password("postgres." + schema)));
  }

  private void startServices(MeshOptions options, ServicePlanner planner, JointStart start) {
    MeshCertificates certificates = new MeshCertificates(home, InstantSource.system());
    certificates.ensureTokens();
    planner.services().forEach(plan -> certificates.ensure(plan.role(), plan.name()));
    JavaLauncher launcher = new JavaLauncher(root, home, environment, finder);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    Set<String> workers = runningWorkers();
    if (options.scaler()) {
      new PoolPlanner(home, options, planner, launcher)
          .pools()
          .forEach(pool -> pool.write(home.pools()));
    }
    progress.step("starting the services");
    start.start(members(planner.services(), launcher, client));
    progress.step("starting the workers");
    Fleet fleet = new Fleet(home, options);
    if (options.scaler()) {
      fleet.awaitPools(this::requireNotCancelled);
      runningWorkers().forEach(name -> start.note(name, workers.contains(name)));
    } else {
      WorkerPlan.of(options.workers()).forEach(worker -> WorkerProfiles.ensure(home, worker));
      start.start(members(planner.workers(), launcher, client));
      fleet.awaitWorkers(this::requireNotCancelled);
    }
  }

  private Set<String> runningWorkers() {
    return names(file -> file.role().equals(WORKER) && file.isRunning());
  }

  private Set<String> names(Predicate<RunFile> which) {
    return RunFile.all(home.run()).stream()
        .filter(which)
        .map(RunFile::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Member> members(
      List<ServicePlan> plans, JavaLauncher launcher, HttpClient client) {
    return plans.stream()
        .<Member>map(plan -> new ServiceMember(plan, launcher.launch(plan), client))
        .toList();
  }

  private void requireNotCancelled() {
    if (cancelled) {
      throw new MeshFailure("given up");
    }
  }
}
