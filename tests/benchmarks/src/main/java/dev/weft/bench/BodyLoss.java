package dev.weft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How long a session stands still when the worker of its body is killed: from {@code kill -9} until
 * the output of the next command, which is given at once, in the session that stays open, and again
 * if the session says that it went with the body. An agent of its own each time, since one whose
 * bodies die young is given up.
 */
final class BodyLoss implements AgentPart {

  private static final Goal GOES_ON = Goal.atMost(5, "s", "killed body to the next output");

  private static final String SCRIPT = "echo goes on";

  private final int runs;

  BodyLoss(int runs) {
    this.runs = runs;
  }

  @Override
  public String name() {
    return "loss";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    if (WorkerReturn.here(mesh).size() < 2) {
      report.note("loss: one worker alone; the session waits until it is there again");
    }
    AgentDoor door = new AgentDoor(mesh);
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      seconds.add(once(mesh, door));
    }
    report.addMedian("killed body to the next output", seconds, "s");
    GOES_ON.judge(Figures.of(seconds).median(), report);
  }

  private static double once(Mesh mesh, AgentDoor door) throws IOException, InterruptedException {
    Spawned agent = door.spawn(AgentDoor.standard());
    Next next = new Next();
    try (AgentSession session = AgentSession.enter(mesh, agent.id(), agent.ticket(), next)) {
      session.awaitRunning();
      session.command("first", SCRIPT);
      session.await("the first output", () -> next.came.contains("first"));
      String worker = name(mesh, door.get(agent.id()).path("workerId").asText());
      long victim = WorkerReturn.pid(mesh, worker);
      long killed = System.nanoTime();
      WorkerReturn.kill(worker, victim);
      session.command("at-once", SCRIPT);
      session.await("the next output", () -> next.came.contains("at-once") || next.interrupted);
      if (!next.came.contains("at-once")) {
        // It was given to the body that died, and so is over with it, as the session says.
        session.command("again", SCRIPT);
        session.await("the next output", () -> next.came.contains("again"));
      }
      double took = (System.nanoTime() - killed) / 1e9;
      door.terminate(agent.id());
      WorkerReturn.awaitAnother(mesh, worker, victim);
      return took;
    }
  }

  private static String name(Mesh mesh, String workerId) throws IOException {
    for (JsonNode worker : mesh.get("/v1/workers").path("workers")) {
      if (worker.path("id").asText().equals(workerId)) {
        return worker.path("profile").path("name").asText();
      }
    }
    throw new BenchFailure("worker " + workerId + " is not listed");
  }

  /** Guarded by the session's lock. */
  private static final class Next implements AgentSession.Ear {

    private final Set<String> came = new HashSet<>();
    private boolean interrupted;

    @Override
    public void interrupted() {
      interrupted = true;
    }

    @Override
    public void output(String commandId, byte[] bytes) {
      came.add(commandId);
    }
  }
}
