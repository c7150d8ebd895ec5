package dev.weft.cli.local;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.FreePort;
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
import java.util.stream.Collectors;

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

  /** Starts everything that doesn't run and returns once all of it is ready. */
  public UpReport up(MeshOptions wanted) {
    try (MeshLock _ = MeshLock.take(home)) {
      requireSameShape(wanted);
      shutdown.forgetReady();
      Report report = new Report();
      MeshSecrets secrets = new MeshSecrets(home);
      PartsPlanner parts = new PartsPlanner(home, new PortPlan(wanted.portBase()), secrets, finder);
      MeshOptions options = wanted.consul() ? withConsulIfPossible(wanted, parts, report) : wanted;
      options.write(home);
      remarkSandbox(parts, report);
      PostgresProcess postgres = startParts(options, parts, report);
      createSchemas(postgres, secrets);
      startServices(options, new ServicePlanner(home, options, secrets), report);
      shutdown.noteReady();
      return report.finish();
    }
  }

  /** Gives up an {@link #up} that another thread is in, and ends everything. */
  public void abandon() {
    cancelled = true;
    shutdown.stop(); // Whoever waits for them to be ready sees them end.
    down();
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

  private MeshOptions withConsulIfPossible(MeshOptions wanted, PartsPlanner parts, Report report) {
    if (finder.find(Tool.CONSUL).isEmpty()) {
      progress.step("fetching Consul, once");
    }
    Optional<String> missing = parts.missing(Tool.CONSUL);
    if (missing.isEmpty()) {
      return wanted;
    }
    report.remarks.add(missing.get() + ". The services use a fixed list of addresses instead.");
    return wanted.withoutConsul();
  }

  private void remarkSandbox(PartsPlanner parts, Report report) {
    parts
        .missing(Tool.BUBBLEWRAP)
        .ifPresent(why -> report.remarks.add(why + ". Workers take no commands and no agents."));
  }

  private PostgresProcess startParts(MeshOptions options, PartsPlanner parts, Report report) {
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
    startTogether(members, report);
    return postgres;
  }

  private static void createSchemas(PostgresProcess postgres, MeshSecrets secrets) {
    PostgresAdmin admin = postgres.admin();
    admin.ensureDatabase("weft");
    SCHEMAS.forEach(
        schema -> admin.ensureService("weft", schema, secrets.password("postgres." + schema)));
  }

  private void startServices(MeshOptions options, ServicePlanner planner, Report report) {
    MeshCertificates certificates = new MeshCertificates(home, InstantSource.system());
    certificates.ensureTokens();
    planner.services().forEach(plan -> certificates.ensure(plan.role(), plan.name()));
    JavaLauncher launcher = new JavaLauncher(root, home, environment, finder);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    Set<String> before = runningWorkers();
    if (options.scaler()) {
      new PoolPlanner(home, options, planner, launcher)
          .pools()
          .forEach(pool -> pool.write(home.pools()));
    }
    progress.step("starting the services");
    startTogether(members(planner.services(), launcher, client), report);
    progress.step("starting the workers");
    Fleet fleet = new Fleet(home, options);
    if (options.scaler()) {
      fleet.awaitPools(this::requireNotCancelled);
      runningWorkers()
          .forEach(name -> (before.contains(name) ? report.already : report.started).add(name));
    } else {
      WorkerPlan.of(options.workers()).forEach(worker -> WorkerProfiles.ensure(home, worker));
      startTogether(members(planner.workers(), launcher, client), report);
      fleet.awaitWorkers(this::requireNotCancelled);
    }
  }

  private Set<String> runningWorkers() {
    return RunFile.all(home.run()).stream()
        .filter(file -> file.role().equals(WORKER) && file.isRunning())
        .map(RunFile::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Member> members(
      List<ServicePlan> plans, JavaLauncher launcher, HttpClient client) {
    return plans.stream()
        .<Member>map(plan -> new ServiceMember(plan, launcher.launch(plan), client))
        .toList();
  }

  /** Starts those that don't run at once, then waits for all. */
  private void startTogether(List<Member> members, Report report) {
    for (Member member : members) {
      Optional<RunFile> known = RunFile.find(home.run(), member.name()).filter(RunFile::isRunning);
      if (known.isPresent()) {
        member.attach(known.get().stamp());
        report.already.add(member.name());
      } else {
        requireNotCancelled();
        requireFreePorts(member);
        RunFile file = member.spawn();
        file.write(home.run());
        report.started.add(member.name());
      }
    }
    members.forEach(Member::awaitReady);
  }

  private void requireNotCancelled() {
    if (cancelled) {
      throw new MeshFailure("given up");
    }
  }

  private static void requireFreePorts(Member member) {
    member
        .ports()
        .forEach(
            (purpose, port) -> {
              if (!FreePort.isFree(port)) {
                throw new MeshFailure(
                    "port %d, for %s of %s: in use by another program (choose others: --port-base)"
                        .formatted(port, purpose, member.name()));
              }
            });
  }

  /** What {@link #up} notes while it goes. */
  private static final class Report {
    private final List<String> started = new ArrayList<>();
    private final List<String> already = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    private UpReport finish() {
      return new UpReport(List.copyOf(started), List.copyOf(already), List.copyOf(remarks));
    }
  }
}
