package dev.weft.bench;

import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.RunFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long each service takes from exec to ready, and what it holds while idle: with the flags of
 * the local mesh, without its class archive, and with the JDK's AOT cache in its place.
 */
final class Startup implements Benchmark {

  private static final long LOOK_MILLIS = 10;
  private static final long GIVE_UP_SECONDS = 120;
  private static final long IDLE_MILLIS = 12_000;
  private static final Duration END = Duration.ofMinutes(2);
  private static final String SHARED = "-XX:SharedArchiveFile=";
  private static final String WRITTEN = "-XX:ArchiveClassesAtExit=";

  /** The objects of an AOT cache must fit into the first old generation, or the JVM ends. */
  private static final String ROOM = "-Xms64m";

  private final LoadOptions options;

  Startup(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    HomeDirectory home = new HomeDirectory(mesh.home());
    LocalMesh local = new LocalMesh(home, mesh.root(), System.getenv(), _ -> {});
    for (RunFile service : RunFile.all(home.run())) {
      if (service.name().endsWith("-0")) {
        local.kill(service.name());
        measure(service, report);
        local.start(service.name());
        awaitReady(service, System.nanoTime());
      }
    }
  }

  private void measure(RunFile service, Report report) throws IOException, InterruptedException {
    String name = service.name() + ": ";
    // The bare name is the fast-jar alone.
    tell(name + "fast-jar", service, List.of(), report);
    Path jar = Path.of(service.launch().command().getLast());
    Path archive = jar.resolveSibling("classes-" + Runtime.version() + ".jsa");
    if (Files.exists(archive)) {
      tell(name + "class archive, as weft up does it", service, List.of(SHARED + archive), report);
    }
    Path cache = Files.createTempFile("weft-bench-", ".aot");
    try {
      ChildProcess training =
          ChildProcess.start(variant(service, List.of("-XX:AOTCacheOutput=" + cache)));
      awaitReady(service, System.nanoTime());
      if (training.stop("TERM", END) && Files.size(cache) > 0) {
        tell(name + "AOT cache", service, List.of("-XX:AOTCache=" + cache, ROOM), report);
      }
    } finally {
      Files.delete(cache);
    }
  }

  private void tell(String what, RunFile service, List<String> flags, Report report)
      throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < options.runs; i++) {
      long begun = System.nanoTime();
      ChildProcess child = ChildProcess.start(variant(service, flags));
      try {
        seconds.add(awaitReady(service, begun));
        if (i == options.runs - 1) {
          Thread.sleep(IDLE_MILLIS);
          double resident = resident(child.stamp().pid());
          report.add(what + ", resident when idle", resident, " MB", "after 12 s");
        }
      } finally {
        child.kill();
      }
    }
    report.addMedian(what + ", exec to ready", seconds, " s");
  }

  private static Launch variant(RunFile service, List<String> flags) {
    Launch launch = service.launch();
    List<String> command = new ArrayList<>(launch.command());
    command.removeIf(word -> word.startsWith(SHARED) || word.startsWith(WRITTEN));
    // Of two that disagree the JVM takes the last.
    command.addAll(command.indexOf("-jar"), flags);
    return new Launch(
        command,
        launch.environment(),
        launch.directory(),
        launch.log(),
        launch.lifetime(),
        launch.account());
  }

  private static double awaitReady(RunFile service, long begun)
      throws IOException, InterruptedException {
    Integer port = service.ports().getOrDefault("http", service.ports().get("rest"));
    URI ready = URI.create("http://127.0.0.1:" + port + "/q/health/ready");
    while ((System.nanoTime() - begun) / 1e9 < GIVE_UP_SECONDS) {
      try (Http answer = Http.get(ready, "none")) {
        if (answer.status() == 200) {
          return (System.nanoTime() - begun) / 1e9;
        }
      } catch (IOException e) {
        // Nobody listens there yet.
      }
      Thread.sleep(LOOK_MILLIS);
    }
    throw new BenchFailure(service.name() + ": not ready after " + GIVE_UP_SECONDS + " s");
  }

  private static double resident(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .sum()
          * 1024
          / 1e6;
    }
  }
}
