package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import dev.weft.cli.local.MeshOptions;
import dev.weft.cli.local.PortPlan;
import dev.weft.cli.output.Amounts;
import dev.weft.parts.RunFile;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    sortOptions = false,
    description = {
      "Starts the local mesh: PostgreSQL, Redis, Consul, the services and unlike workers, all on loopback.",
      "Runs until Ctrl-C, which ends all of it; with --detach until: weft down.",
      "Again: says what runs already and starts what has died."
    })
final class UpCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "how many workers at first (default: 3)")
  @Nullable Integer workers;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "replicas of each service (default: 1)")
  @Nullable Integer replicas;

  @Option(
      names = "--port-base",
      paramLabel = "P",
      description = "all ports lie in P+60 to P+259 (default: 7000)")
  @Nullable Integer portBase;

  @Option(names = "--no-consul", description = "services use a fixed list of addresses")
  boolean noConsul;

  @Option(
      names = "--no-scaler",
      description =
          "workers are only started; nobody keeps their number, and a dead one stays dead")
  boolean noScaler;

  @Option(
      names = {"-d", "--detach"},
      description = "return when all is ready and leave it running")
  boolean detach;

  UpCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() throws InterruptedException {
    HomeDirectory home = new HomeDirectory(global.home());
    LocalMesh mesh = mesh(global, home);
    long begin = System.nanoTime();
    // One that somebody else started is not ours to end.
    boolean ours = !detach && RunFile.all(home.run()).stream().noneMatch(RunFile::isRunning);
    Runtime.getRuntime().addShutdownHook(new Thread(mesh::abandon, "weft-up-exit"));
    LocalMesh.UpReport report = mesh.up(options(home));
    if (!ours) {
      mesh.keep();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    print(home, report, took);
    if (ours) {
      global.print("Ctrl-C ends the mesh.\n");
      new CountDownLatch(1).await();
    }
    return ExitCodes.OK;
  }

  static LocalMesh mesh(GlobalOptions global, HomeDirectory home) {
    Context context = global.context();
    return new LocalMesh(
        home,
        context.root(),
        context.environment(),
        step -> {
          if (!global.json()) {
            context.err().println("weft: " + step + " …");
          }
        });
  }

  /** What isn't said is as it was the last time. */
  private MeshOptions options(HomeDirectory home) {
    MeshOptions before = MeshOptions.read(home).orElse(MeshOptions.standard());
    return new MeshOptions(
        portBase == null ? before.portBase() : portBase,
        replicas == null ? before.replicas() : replicas,
        workers == null ? before.workers() : workers,
        !noConsul,
        !noScaler);
  }

  private void print(HomeDirectory home, LocalMesh.UpReport report, Duration took) {
    MeshOptions options = MeshOptions.read(home).orElseThrow();
    PortPlan ports = new PortPlan(options.portBase());
    if (global.json()) {
      ObjectNode json = MeshApi.JSON.createObjectNode();
      json.put("home", home.root().toString()).put("seconds", took.toMillis() / 1000.0);
      report.started().forEach(json.putArray("started")::add);
      report.already().forEach(json.putArray("already")::add);
      report.remarks().forEach(json.putArray("remarks")::add);
      var rest = json.putArray("rest");
      var grpc = json.putArray("grpc");
      IntStream.range(0, options.replicas())
          .forEach(
              i -> {
                rest.add("http://127.0.0.1:" + ports.gatewayRest(i));
                grpc.add("127.0.0.1:" + ports.gatewayGrpc(i));
              });
      global.printJson(json);
      return;
    }
    StringBuilder text = new StringBuilder();
    if (!report.already().isEmpty()) {
      text.append("already running: ").append(String.join(", ", report.already())).append('\n');
    }
    if (!report.started().isEmpty()) {
      text.append("started: ").append(String.join(", ", report.started())).append('\n');
    }
    report.remarks().forEach(remark -> text.append("note: ").append(remark).append('\n'));
    text.append(ProcessTable.of(RunFile.all(home.run())).render());
    text.append("ready in ").append(Amounts.period(took)).append("; REST http://127.0.0.1:");
    text.append(ports.gatewayRest(0)).append(" (pages: /agents), gRPC 127.0.0.1:");
    text.append(ports.gatewayGrpc(0));
    text.append(", data ").append(home.root()).append('\n');
    global.print(text.toString());
  }
}
