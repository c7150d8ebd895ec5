package dev.weft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Agents as a person and a program meet them, through REST and the WebSocket: how soon one is
 * there, how a terminal feels, what sessions cost, and what a death costs.
 */
final class Agents implements Benchmark {

  private final AgentOptions options;
  private final LoadOptions load;

  Agents(AgentOptions options, LoadOptions load) {
    this.options = options;
    this.load = load;
  }

  @Override
  public String name() {
    return "agents";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    List<String> failed = new ArrayList<>();
    for (AgentPart part : chosen()) {
      try {
        part.run(mesh, report);
      } catch (BenchFailure e) {
        // What the other parts measure is worth having, and the whole has failed all the same.
        failed.add(part.name() + ": " + e.getMessage());
        report.note("FAILED " + failed.getLast());
      }
      report.add(
          part.name() + ": load of the machine at its end", Machine.load(), "", "last minute");
    }
    if (!failed.isEmpty()) {
      throw new BenchFailure("agents: " + String.join("; ", failed));
    }
  }

  private List<AgentPart> chosen() {
    Map<String, AgentPart> all = new LinkedHashMap<>();
    for (AgentPart part :
        List.of(
            new AgentSpawns(options),
            new AgentEcho(options, load.runs),
            new AgentWakes(load.runs),
            new IdleSessions(options),
            new SessionOutput(options, load.runs),
            new BodyLoss(load.runs))) {
      all.put(part.name(), part);
    }
    List<AgentPart> chosen = new ArrayList<>();
    for (String name : options.parts) {
      AgentPart part = all.get(name);
      if (part == null) {
        throw new BenchFailure("agents: " + name + " (expected: one of " + all.keySet() + ")");
      }
      chosen.add(part);
    }
    return chosen;
  }
}
