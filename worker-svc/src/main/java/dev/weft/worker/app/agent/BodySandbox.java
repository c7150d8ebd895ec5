package dev.weft.worker.app.agent;

import dev.weft.worker.app.AgentMemory;
import dev.weft.worker.app.CommandLine;
import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.Sandbox.Together;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.ShellExecutor;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.agent.CommandQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Starts what runs in one body: each in a sandbox of its own, all in the one workspace and within
 * what the body has reserved.
 */
final class BodySandbox implements AutoCloseable {

  /** The terminal beside the commands. */
  private static final int AT_ONCE = CommandQueue.MOST_RUNNING + 1;

  private final Together together;
  private final Assignment assignment;
  private final Work.Agent work;
  private final Workspace workspace;
  private final Limits limits;
  private final AtomicLong names = new AtomicLong();

  BodySandbox(
      ShellExecutor.Setup setup, Assignment assignment, Work.Agent work, Workspace workspace)
      throws SandboxException {
    this.assignment = assignment;
    this.work = work;
    this.workspace = workspace;
    this.limits = setup.limits().forTask(assignment.reserved(), setup.limits().wallTime());
    this.together = setup.sandbox().together(assignment.key().fileName(), limits, AT_ONCE);
  }

  /** Whatever is still there, which should be nothing, ends with it. */
  @Override
  public void close() {
    together.close();
  }

  /** A command under way, and its place, which goes when nothing of it is left. */
  record Running(CommandPlace place, SandboxedProcess process) {}

  Limits limits() {
    return limits;
  }

  OptionalInt owner() {
    return workspace.owner();
  }

  /** Starts a command. */
  Running launch(List<String> argv, Map<String, String> environment, Optional<Path> terminal)
      throws InvalidWorkException, IOException, SandboxException, InterruptedException {
    Map<String, String> all =
        new TreeMap<>(CommandLine.environment(assignment, work.environment()));
    all.put("WEFT_AGENT_ID", work.agentId());
    all.put("WEFT_MEMORY", "/workspace/" + String.join("/", AgentMemory.FOLDER));
    for (Map.Entry<String, String> each : environment.entrySet()) {
      if (each.getValue().indexOf('\0') >= 0) {
        throw new InvalidWorkException("environment", each.getKey(), "a value without NUL");
      }
      all.put(each.getKey(), each.getValue());
    }
    CommandPlace place = workspace.place("r" + names.incrementAndGet());
    boolean launched = false;
    try {
      SandboxedProcess process =
          together.launch(
              new Command(
                  place,
                  argv,
                  "",
                  all,
                  SecretEnvironment.none(),
                  work.confinement().network(),
                  limits,
                  terminal));
      launched = true;
      return new Running(place, process);
    } finally {
      if (!launched) {
        place.close();
      }
    }
  }
}
