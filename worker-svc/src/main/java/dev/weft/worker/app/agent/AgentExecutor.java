package dev.weft.worker.app.agent;

import dev.weft.worker.app.Executor;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.Work;
import java.time.InstantSource;

/** Is the body of agents, each on threads of its own. */
public final class AgentExecutor implements Executor {

  private final Setup setup;
  private final FrameMemory memory = FrameMemory.ofHeap();

  /**
   * What all bodies share.
   *
   * @param shell what commands run with; its limit of wall time is not for bodies
   */
  public record Setup(
      ShellExecutor.Setup shell, BodyPlaces places, AgentHomes homes, InstantSource clock) {}

  public AgentExecutor(Setup setup) {
    this.setup = setup;
  }

  @Override
  public String kind() {
    return Work.Agent.KIND;
  }

  @Override
  public Execution start(Assignment assignment, Listener listener) {
    if (!(assignment.work() instanceof Work.Agent work)) {
      throw new IllegalArgumentException("work: " + assignment.work() + " (expected: an agent)");
    }
    AgentRun run = new AgentRun(setup, memory, assignment, work, listener);
    // Packing and unpacking is long work in the kernel, which would hold one of the few carriers.
    Thread.ofPlatform().daemon().name("weft-agent-" + assignment.key().fileName()).start(run);
    return run;
  }
}
