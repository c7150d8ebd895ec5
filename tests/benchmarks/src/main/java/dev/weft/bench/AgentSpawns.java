package dev.weft.bench;

import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long it takes from asking for an agent until its terminal waits for a line: over REST, the
 * ticket and the WebSocket, on a worker that is there. One after the other, with a pause in which
 * the sandboxes that wait, where workers keep some, are made again.
 */
final class AgentSpawns implements AgentPart {

  private static final Goal COLD = Goal.atMost(2, "s", "spawn to first prompt, cold");
  private static final Goal WARM = Goal.atMost(0.2, "s", "spawn to first prompt, warm, p50");
  private static final long PAUSE_MILLIS = 1_500;

  private final AgentOptions options;

  AgentSpawns(AgentOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "spawn";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    AgentDoor door = new AgentDoor(mesh);
    boolean warm = !System.getenv().getOrDefault("WEFT_AGENTS_WARM_SANDBOXES", "2").equals("0");
    String what = "spawn to first prompt, " + (warm ? "warm" : "cold");
    report.add(what + ", the first of the mesh", once(mesh, door), "s", "code not compiled yet");
    List<Double> seconds = new ArrayList<>();
    Costs costs = Costs.begin(mesh);
    for (int i = 0; i < options.spawns; i++) {
      Thread.sleep(PAUSE_MILLIS);
      seconds.add(once(mesh, door));
    }
    costs.each(what, options.spawns, report);
    report.addMedian(what, seconds, "s");
    (warm ? WARM : COLD).judge(Figures.of(seconds).median(), report);
  }

  private static double once(Mesh mesh, AgentDoor door) throws IOException, InterruptedException {
    Screen screen = new Screen();
    long begun = System.nanoTime();
    Spawned agent = door.spawn(AgentDoor.standard());
    try (AgentSession session = AgentSession.enter(mesh, agent.id(), agent.ticket(), screen)) {
      session.resize();
      session.await("first prompt", screen::prompt);
      double took = (System.nanoTime() - begun) / 1e9;
      door.terminate(agent.id());
      return took;
    }
  }
}
