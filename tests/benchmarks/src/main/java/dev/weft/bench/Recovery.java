package dev.weft.bench;

import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long after {@code kill -9} of one process the mesh ends as many tasks per second as before.
 * What is killed is started again at once, as a supervisor would; workers are their scaler's.
 */
final class Recovery implements Benchmark {

  private static final long BEFORE_SECONDS = 8;
  private static final long LOOK_MILLIS = 50;
  private static final double ENOUGH = 0.9;
  private static final long GIVE_UP_SECONDS = 60;
  private static final double UNMOVED_SECONDS = 5;
  private static final int WAITING = 100_000;

  private final LoadOptions options;

  /** What waits for something else all the time. */
  private double others;

  Recovery(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    LocalMesh local =
        new LocalMesh(new HomeDirectory(mesh.home()), mesh.root(), System.getenv(), _ -> {});
    try (TaskClient client = TaskClient.open(mesh)) {
      Throughput.warmUp(mesh, client, options.warmUp);
      others = new Steps(mesh).waiting();
      double rate = 0;
      for (String victim : victims(mesh)) {
        try (SteadyLoad load = SteadyLoad.begin(client.stub(), Callers.BATCH)) {
          rate = kill(mesh, local, victim, load, report);
        }
        awaitIdle(mesh);
      }
      firstDispatch(mesh, local, client, rate, report);
    }
  }

  private static List<String> victims(Mesh mesh) throws IOException {
    return List.of(worker(mesh), holder(mesh), "postgres", "redis", "consul").stream()
        .filter(mesh.processes()::containsKey)
        .toList();
  }

  private static double kill(
      Mesh mesh, LocalMesh local, String victim, SteadyLoad load, Report report)
      throws InterruptedException {
    EndRate ends = new EndRate(mesh, "succeeded");
    double before = settle(ends);
    long refused = load.refused();
    long killed = System.nanoTime();
    local.kill(victim);
    Thread starter = Thread.ofVirtual().start(() -> local.start(victim));
    double lowest = before;
    while (true) {
      Thread.sleep(LOOK_MILLIS);
      ends.look();
      double now = ends.perSecond();
      lowest = Math.min(lowest, now);
      boolean dipped = lowest < ENOUGH * before;
      double seconds = (System.nanoTime() - killed) / 1e9;
      if (seconds > GIVE_UP_SECONDS) {
        throw new BenchFailure(victim + ": not back at 90 % of the rate after " + seconds + " s");
      }
      if (dipped ? now >= ENOUGH * before : seconds > UNMOVED_SECONDS) {
        starter.join();
        String remark =
            "%.0f/s before, %.0f/s at the lowest, %d calls refused"
                .formatted(before, lowest, load.refused() - refused);
        double back = dipped ? seconds : 0;
        report.add("killed " + victim + ": 90 % of the rate after", back, "s", remark);
        return before;
      }
    }
  }

  /** Workers that are stopped for a moment let tasks pile up; their leases outlast it. */
  private void firstDispatch(
      Mesh mesh, LocalMesh local, TaskClient client, double rate, Report report)
      throws IOException, InterruptedException {
    List<Long> workers =
        mesh.processes().entrySet().stream()
            .filter(one -> isWorker(one.getKey()))
            .map(java.util.Map.Entry::getValue)
            .toList();
    signal("STOP", workers);
    try {
      Crowd.submit(client.stub(), TaskClient.request(TaskClient.noop()), Callers.BULK, WAITING);
    } finally {
      signal("CONT", workers);
    }
    String victim = holder(mesh);
    EndRate leases = new EndRate(mesh, "leased");
    leases.look();
    local.kill(victim);
    long killed = System.nanoTime();
    double base = leases.look();
    Thread starter = Thread.ofVirtual().start(() -> local.start(victim));
    double first = 0;
    while (true) {
      Thread.sleep(LOOK_MILLIS / 5);
      double seconds = (System.nanoTime() - killed) / 1e9;
      if (leases.look() > base && first == 0) {
        first = seconds;
        String remark = new Steps(mesh).waiting() + " waited then";
        report.add("killed placer, 100,000 queued: first dispatch after", first, "s", remark);
      }
      if (first > 0 && (leases.perSecond() >= ENOUGH * rate || seconds > GIVE_UP_SECONDS)) {
        report.add(
            "killed placer: 90 % of the rate after", seconds, "s", "of %.0f/s".formatted(rate));
        break;
      }
    }
    starter.join();
    awaitIdle(mesh);
  }

  private static double settle(EndRate ends) throws InterruptedException {
    double first = ends.look();
    long begun = System.nanoTime();
    double now = first;
    while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(BEFORE_SECONDS)) {
      Thread.sleep(LOOK_MILLIS);
      now = ends.look();
    }
    return (now - first) / ((System.nanoTime() - begun) / 1e9);
  }

  private void awaitIdle(Mesh mesh) throws IOException, InterruptedException {
    Steps steps = new Steps(mesh);
    long begun = System.nanoTime();
    while (steps.waiting() > others) {
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS)) {
        throw new BenchFailure("tasks still wait: " + steps.waiting());
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static String worker(Mesh mesh) {
    return mesh.processes().keySet().stream().filter(Recovery::isWorker).findFirst().orElse("");
  }

  private static boolean isWorker(String name) {
    return !name.matches("(gateway|router|registry|artifact|scaler)-\\d+|postgres|redis|consul");
  }

  private static String holder(Mesh mesh) throws IOException {
    for (String router : mesh.processes("router-")) {
      if (Scrape.of(mesh, router).sum("weft_cell_held", "") > 0) {
        return router;
      }
    }
    throw new BenchFailure("no router holds the cell");
  }

  private static void signal(String name, List<Long> pids)
      throws IOException, InterruptedException {
    for (long pid : pids) {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new BenchFailure("kill -" + name + " " + pid + ": " + code);
      }
    }
  }
}
