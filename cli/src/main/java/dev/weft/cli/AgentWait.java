package dev.weft.cli;

import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.locks.LockSupport;

/** Waits for an agent's body. */
final class AgentWait {
  private static final long PAUSE_NANOS = 250_000_000;

  private final AgentApi api;
  private final Context context;

  AgentWait(MeshApi mesh, Context context) {
    this.api = new AgentApi(mesh);
    this.context = context;
  }

  /**
   * For as long as it takes: a worker may have to be found first.
   *
   * @throws CliException if it is over
   */
  AgentView untilItRuns(String agentId) {
    WakingLine waking = new WakingLine(context.err()::println);
    while (true) {
      AgentView agent = new AgentView(api.get(agentId));
      if (agent.state().equals("RUNNING")) {
        return agent;
      }
      if (!agent.isOpen()) {
        throw new CliException(
            ExitCodes.FAILED,
            "agent %s is %s %s".formatted(agentId, agent.state(), agent.problem()).strip());
      }
      waking.tell(agent.state(), agent.json().path("start"));
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.interrupted()) {
        throw new CliException(ExitCodes.FAILED, "interrupted while waiting for " + agentId);
      }
    }
  }
}
