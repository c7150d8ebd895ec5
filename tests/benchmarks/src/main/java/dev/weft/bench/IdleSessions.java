package dev.weft.bench;

import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What sessions cost in which nothing happens: memory that each process takes more (PSS, after a
 * full collection on both sides) and processor time. All at one gateway; once with an agent of its
 * own for each, which waits for a worker, and once at a few agents that run.
 */
final class IdleSessions implements AgentPart {

  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final long SETTLE_MILLIS = 12_000;
  private static final int RUNNING = 4;

  private final AgentOptions options;

  IdleSessions(AgentOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    AgentDoor door = new AgentDoor(mesh);
    List<String> agents = new ArrayList<>();
    for (int i = 0; i < RUNNING; i++) {
      agents.add(running(mesh, door));
    }
    measure(mesh, report, options.sessions + " sessions at " + RUNNING + " that run", agents);
    for (String agent : agents) {
      door.terminate(agent);
    }
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < options.sessions; i++) {
      waiting.add(door.spawn(AgentDoor.waiting()).id());
    }
    measure(mesh, report, options.sessions + " sessions of as many agents", waiting);
    for (String agent : waiting) {
      door.terminate(agent);
    }
  }

  private static String running(Mesh mesh, AgentDoor door)
      throws IOException, InterruptedException {
    Spawned agent = door.spawn(AgentDoor.small());
    try (AgentSession session =
        AgentSession.enter(mesh, agent.id(), agent.ticket(), new Screen())) {
      session.awaitRunning();
    }
    return agent.id();
  }

  private void measure(Mesh mesh, Report report, String what, List<String> agents)
      throws Exception {
    Map<String, Double> idle = shares(mesh, report, what + ", before");
    Map<String, long[]> before = memory(mesh);
    List<AgentSession> sessions = new ArrayList<>();
    try {
      long begun = System.nanoTime();
      for (int i = 0; i < options.sessions; i++) {
        String agent = agents.get(i % agents.size());
        sessions.add(AgentSession.attach(mesh, agent, "", new Screen()));
      }
      double rate = options.sessions / ((System.nanoTime() - begun) / 1e9);
      report.add(what + ": attached, one after the other", rate, "/s", "");
      Map<String, long[]> after = memory(mesh);
      Map<String, Double> busy = shares(mesh, report, what);
      double megabytes = tell(what, before, after, report);
      double percent = gateways(busy) - gateways(idle);
      report.add(what + ": CPU more, gateway", percent, " % of a core", "");
      for (AgentSession session : sessions) {
        session.check();
      }
      Goal.atMost(100, "MB", what + ", gateway's memory").judge(megabytes, report);
      Goal.atMost(5, "% of a core", what + ", gateway").judge(percent, report);
    } finally {
      for (AgentSession session : sessions) {
        session.close();
      }
    }
  }

  private static double tell(
      String what, Map<String, long[]> before, Map<String, long[]> after, Report report) {
    double megabytes = 0;
    for (Map.Entry<String, long[]> one : after.entrySet()) {
      long[] first = before.getOrDefault(one.getKey(), new long[2]);
      double more = (one.getValue()[0] - first[0]) / BYTES_PER_MEGABYTE;
      double live = (one.getValue()[1] - first[1]) / BYTES_PER_MEGABYTE;
      String remark =
          "%d to %d MiB; live heap %.1f MB more"
              .formatted(first[0] >> 20, one.getValue()[0] >> 20, live);
      report.add(what + ": memory more, " + one.getKey(), more, "MB", remark);
      if (one.getKey().startsWith("gateway-")) {
        megabytes += more;
      }
    }
    return megabytes;
  }

  private static double gateways(Map<String, Double> shares) {
    return shares.entrySet().stream()
        .filter(one -> one.getKey().startsWith("gateway-"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** PSS and live heap of gateways and router, after two full collections and a pause. */
  private static Map<String, long[]> memory(Mesh mesh) throws IOException, InterruptedException {
    Map<String, Long> live = new LinkedHashMap<>();
    for (Map.Entry<String, Long> one : mesh.processes().entrySet()) {
      if (one.getKey().startsWith("gateway-") || one.getKey().startsWith("router-")) {
        LiveHeap.bytes(one.getValue());
        live.put(one.getKey(), LiveHeap.bytes(one.getValue()));
      }
    }
    Thread.sleep(SETTLE_MILLIS);
    Map<String, long[]> both = new LinkedHashMap<>();
    live.forEach(
        (name, bytes) ->
            both.put(name, new long[] {MemoryWatch.share(WorkerReturn.pid(mesh, name)), bytes}));
    return both;
  }

  private Map<String, Double> shares(Mesh mesh, Report report, String what)
      throws InterruptedException {
    Costs costs = Costs.begin(mesh);
    Thread.sleep(options.sessionSeconds * 1_000L);
    return costs.shares(what, report);
  }
}
