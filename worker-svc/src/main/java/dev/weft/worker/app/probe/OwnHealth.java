package dev.weft.worker.app.probe;

import dev.weft.worker.app.HostLoad;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.WorkView.Activity;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.probe.ProbeFinding;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbeResult;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a worker is by what it knows itself, now. How much of that counts, and for how long, is the
 * registry's to judge.
 *
 * @param executors kinds that it offers
 * @param probes what each layer found last; those that were not asked yet are missing
 */
public record OwnHealth(
    String workerId,
    WorkView work,
    HostLoad host,
    Set<String> executors,
    Map<ProbeLayer, ProbeResult> probes) {

  /** In the words of health pages. */
  public String status() {
    if (!sandboxed()) {
      return "unhealthy";
    }
    boolean well = work.connected() && probes.values().stream().allMatch(ProbeResult::good);
    return well ? "healthy" : "degraded";
  }

  /** Whether commands can be run, as far as is known. */
  private boolean sandboxed() {
    ProbeResult deep = probes.get(ProbeLayer.DEEP);
    return work.activity() != Activity.FAILED && (deep == null || deep.good());
  }

  /** Executors: ready or unavailable; services that were asked: connected or unreachable. */
  public Map<String, String> services() {
    Map<String, String> services = new TreeMap<>();
    for (String kind : executors) {
      boolean ready = kind.equals(Work.Noop.KIND) || sandboxed();
      services.put(kind, ready ? "ready" : "unavailable");
    }
    ProbeResult application = probes.get(ProbeLayer.APPLICATION);
    if (application != null) {
      application.findings().stream()
          .filter(ProbeFinding::shared)
          .forEach(
              asked -> services.put(asked.subject(), asked.well() ? "connected" : "unreachable"));
    }
    return services;
  }

  /** Attempts that run and are not known to be in trouble. */
  public int healthyLoops() {
    return sandboxed() ? work.runningTasks().size() : 0;
  }
}
