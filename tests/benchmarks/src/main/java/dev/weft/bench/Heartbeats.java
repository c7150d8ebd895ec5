package dev.weft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What workers cost that do nothing but beat once a second, with both streams open: processor time
 * of each service as a share of one core.
 */
final class Heartbeats implements Benchmark {

  private static final long SETTLE_MILLIS = 5_000;
  private static final double PERCENT = 100.0;

  private final LoadOptions options;

  Heartbeats(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "heartbeats";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    Map<String, Double> idle = shares(mesh);
    idle.forEach((name, share) -> report.add("idle: " + name, share, " % of a core", ""));
    for (int workers : options.beating) {
      List<StandIn> all = new ArrayList<>();
      try (ScheduledExecutorService timer = Executors.newScheduledThreadPool(2)) {
        for (int i = 0; i < workers; i++) {
          StandIn one = StandIn.join(mesh);
          all.add(one);
          one.start("elsewhere", timer);
        }
        Thread.sleep(SETTLE_MILLIS);
        requireConnected(mesh, workers);
        tell(workers, shares(mesh), report);
        timer.shutdownNow();
      } finally {
        all.forEach(StandIn::close);
      }
      Thread.sleep(SETTLE_MILLIS);
    }
  }

  private static void tell(int workers, Map<String, Double> shares, Report report) {
    double both = shares.getOrDefault("registry-0", 0.0) + shares.getOrDefault("router-0", 0.0);
    String what = workers + " workers: ";
    report.add(what + "registry and placer together", both, " % of a core", "");
    shares.forEach((name, share) -> report.add(what + name, share, " % of a core", ""));
  }

  /** Over a quarter of the time that a rate takes. */
  private Map<String, Double> shares(Mesh mesh) throws InterruptedException {
    long millis = options.rateSeconds * 1_000L / 4;
    CpuTimes before = CpuTimes.of(mesh);
    Thread.sleep(millis);
    Map<String, Double> shares = new LinkedHashMap<>();
    CpuTimes.of(mesh)
        .perTask(before, millis)
        .forEach((name, micros) -> shares.put(name, micros / 1_000.0 * PERCENT));
    return shares;
  }

  private static void requireConnected(Mesh mesh, int workers) throws java.io.IOException {
    double connected = 0;
    for (String router : mesh.processes("router-")) {
      connected += Scrape.of(mesh, router).sum("weft_workers_connected", "");
    }
    if (connected < workers) {
      throw new BenchFailure("workers connected: " + connected + " (expected: " + workers + ")");
    }
  }
}
