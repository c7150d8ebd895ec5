package dev.weft.bench;

import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How long an agent that sleeps takes to work again, with 10 MB in 500 files: from a command until
 * its first output, in a session that stayed open; and from attaching until its terminal's prompt.
 */
final class AgentWakes implements AgentPart {

  private static final Goal COMMAND = Goal.atMost(1, "s", "wake by a command, 10 MB");
  private static final Goal ATTACH = Goal.atMost(1, "s", "wake by attaching, 10 MB");
  private static final String FILL =
      "for i in $(seq 500); do mkdir -p d$((i % 20)); head -c 20000 /dev/urandom > d$((i %"
          + " 20))/f$i; done";

  private final int runs;

  AgentWakes(int runs) {
    this.runs = runs;
  }

  @Override
  public String name() {
    return "wake";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    AgentDoor door = new AgentDoor(mesh);
    Spawned agent = door.spawn(AgentDoor.standard());
    Heard heard = new Heard();
    Set<String> had = new HashSet<>();
    Seconds byCommand = new Seconds(had);
    String cursor;
    try (AgentSession session = AgentSession.enter(mesh, agent.id(), agent.ticket(), heard)) {
      session.awaitRunning();
      session.command("fill", FILL);
      session.await("the workspace", () -> heard.ended.contains("fill"));
      hibernate(door, session, agent.id());
      Costs costs = Costs.begin(mesh);
      for (int i = 0; i < runs; i++) {
        String id = "wake-" + i;
        long begun = System.nanoTime();
        session.command(id, "echo here; test -s d7/f7");
        session.await("output", () -> heard.wrote.contains(id));
        byCommand.add(begun, session.worker());
        session.await("its end", () -> heard.ended.contains(id));
        hibernate(door, session, agent.id());
      }
      costs.each("wake by a command, with the hibernation after it", runs, report);
      cursor = session.cursor();
    }
    Seconds byAttaching = new Seconds(had);
    for (int i = 0; i < runs; i++) {
      cursor = attach(mesh, door, agent.id(), cursor, byAttaching);
    }
    door.terminate(agent.id());
    byCommand.tell("wake by a command", COMMAND, report);
    byAttaching.tell("wake by attaching, to the prompt", ATTACH, report);
  }

  /** What the terminal showed in earlier lives is not asked for. Answers the new cursor. */
  private static String attach(Mesh mesh, AgentDoor door, String id, String cursor, Seconds took)
      throws IOException, InterruptedException {
    Screen screen = new Screen();
    long begun = System.nanoTime();
    try (AgentSession session = AgentSession.attach(mesh, id, "?cursor=" + cursor, screen)) {
      session.resize();
      session.await("prompt", screen::prompt);
      took.add(begun, session.worker());
      hibernate(door, session, id);
      return session.cursor();
    }
  }

  /** How long it took, and whether the worker had fetched the files before. */
  private static final class Seconds {

    private final Set<String> had;
    private final List<Double> all = new ArrayList<>();
    private final List<Double> again = new ArrayList<>();
    private final List<Double> anew = new ArrayList<>();

    Seconds(Set<String> had) {
      this.had = had;
    }

    void add(long begun, String worker) {
      double seconds = (System.nanoTime() - begun) / 1e9;
      all.add(seconds);
      (had.add(worker) ? anew : again).add(seconds);
    }

    void tell(String what, Goal goal, Report report) {
      report.addMedian(what, all, "s");
      if (!again.isEmpty()) {
        report.addMedian(what + ", on a worker that has fetched the files", again, "s");
      }
      if (!anew.isEmpty()) {
        report.addMedian(what + ", on one that has not", anew, "s");
      }
      goal.judge(Figures.of(all).median(), report);
    }
  }

  private static void hibernate(AgentDoor door, AgentSession session, String id)
      throws IOException, InterruptedException {
    session.awaitRunning();
    door.hibernate(id);
    session.awaitState("HIBERNATED");
  }

  /** Guarded by the session's lock. */
  private static final class Heard implements AgentSession.Ear {

    private final Set<String> wrote = new HashSet<>();
    private final Set<String> ended = new HashSet<>();

    @Override
    public void output(String commandId, byte[] bytes) {
      wrote.add(commandId);
    }

    @Override
    public void ended(String commandId, int exitCode) {
      if (exitCode != 0) {
        throw new BenchFailure(commandId + ": exit code " + exitCode);
      }
      ended.add(commandId);
    }
  }
}
