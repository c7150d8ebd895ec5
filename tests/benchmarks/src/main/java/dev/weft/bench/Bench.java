package dev.weft.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Entry point of {@code ./weft bench}. */
@Command(
    name = "weft bench",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Measures a mesh through its public doors, and other job queues beside it.",
      "Without names: all of them, in this order: placement, limits, throughput, latency, backlog, heartbeats, peers,",
      "run-dir, transfer, logs, agents, worker-return, fixed-rate-noop, fixed-rate-shell, recovery, startup.",
      "Starts a mesh of its own in a temporary folder, and ends it; placement needs none."
    })
public final class Bench implements Callable<Integer> {

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "what to measure")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "measure the local mesh of this folder, which runs already")
  @Nullable Path home;

  @Option(names = "--json", paramLabel = "FILE", description = "write every measurement there too")
  @Nullable Path json;

  @Option(
      names = "--transfer-bytes",
      paramLabel = "N",
      defaultValue = "1000000000",
      description = "size of the transferred file (default: ${DEFAULT-VALUE})")
  long transferBytes;

  @Option(
      names = "--log-bytes",
      paramLabel = "N",
      defaultValue = "1000000000",
      description = "what the chatty task writes (default: ${DEFAULT-VALUE})")
  long logBytes;

  @Option(
      names = "--crowd-bytes",
      paramLabel = "N",
      defaultValue = "4000000",
      description = "what each of 1,000 followers gets (default: ${DEFAULT-VALUE})")
  long crowdBytes;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "tasks per second (default: ${DEFAULT-VALUE})")
  int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "20",
      description = "how long at that rate (default: ${DEFAULT-VALUE})")
  int seconds;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "workers of the mesh that is started (default: ${DEFAULT-VALUE})")
  int workers;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "1",
      description = "replicas of its services (default: ${DEFAULT-VALUE})")
  int replicas;

  @Mixin final LoadOptions load = new LoadOptions();

  @Mixin final AgentOptions agents = new AgentOptions();

  private final List<String> arguments;

  private Bench(List<String> arguments) {
    this.arguments = arguments;
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench(List.of(arguments))).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Benchmark> chosen = chosen();
    Path root = Path.of(System.getProperty("weft.root", "")).toAbsolutePath().normalize();
    Report report = new Report(System.err);
    try (Mesh mesh = mesh(root, chosen)) {
      Machine machine = Machine.here(arguments, mesh);
      try {
        for (Benchmark one : chosen) {
          report.begin(one.name());
          one.run(mesh, report);
        }
      } finally {
        // What was measured before something failed was measured all the same.
        System.out.print(report.table(machine));
        if (json != null) {
          report.write(json, machine);
        }
      }
      return 0;
    } catch (BenchFailure | ExecutionException e) {
      System.err.println("weft: bench: " + e.getMessage());
      return 1;
    }
  }

  private Mesh mesh(Path root, List<Benchmark> chosen) throws IOException, InterruptedException {
    if (home != null) {
      return Mesh.attach(root, home.toAbsolutePath().normalize());
    }
    return chosen.stream().anyMatch(Benchmark::needsMesh)
        ? Mesh.start(root, workers, replicas)
        : Mesh.none(root);
  }

  private List<Benchmark> chosen() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    for (Benchmark one :
        List.of(
            new Placement(load),
            new Limits(load),
            new Throughput(load),
            new Latency(load),
            new Backlog(load),
            new Heartbeats(load),
            new Peers(load),
            new RunDirectory(),
            new Transfer(transferBytes),
            new Logs(logBytes, crowdBytes),
            new Agents(agents, load),
            new WorkerReturn(),
            new FixedRate("noop", rate, seconds),
            new FixedRate("shell", rate, seconds),
            new Recovery(load),
            new Startup(load))) {
      all.put(one.name(), one);
    }
    List<Benchmark> chosen = new ArrayList<>();
    for (String name : names.isEmpty() ? List.copyOf(all.keySet()) : names) {
      Benchmark one = all.get(name);
      if (one == null) {
        throw new BenchFailure("benchmark: " + name + " (expected: one of " + all.keySet() + ")");
      }
      chosen.add(one);
    }
    return chosen;
  }
}
