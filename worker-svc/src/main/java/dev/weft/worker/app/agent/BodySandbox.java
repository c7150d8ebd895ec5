package dev.weft.worker.app.agent;

import dev.weft.worker.app.AgentMemory;
import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.agent.BodyPlaces.Wanted;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Starts what runs in one body: each in a sandbox of its own, all in the one workspace and within
 * what the body has reserved.
 */
final class BodySandbox {

  private final BodyPlace place;
  private final Work.Agent work;
  private final Wanted wanted;
  private final AtomicLong names = new AtomicLong();

  BodySandbox(BodyPlace place, Work.Agent work, Wanted wanted) {
    this.place = place;
    this.work = work;
    this.wanted = wanted;
  }

  /** A command under way, and its place, which goes when nothing of it is left. */
  record Running(CommandPlace place, SandboxedProcess process) {}

  Limits limits() {
    return wanted.limits();
  }

  /** A terminal for the next shell. */
  Pty openTerminal() throws IOException {
    return place.openTerminal();
  }

  /** Starts a command. */
  Running launch(List<String> argv, Map<String, String> environment, Optional<Path> terminal)
      throws InvalidWorkException, IOException, SandboxException, InterruptedException {
    Map<String, String> all = new TreeMap<>(wanted.environment());
    all.put("WEFT_AGENT_ID", work.agentId());
    all.put("WEFT_MEMORY", "/workspace/" + String.join("/", AgentMemory.FOLDER));
    for (Map.Entry<String, String> each : environment.entrySet()) {
      if (each.getValue().indexOf('\0') >= 0) {
        throw new InvalidWorkException("environment", each.getKey(), "a value without NUL");
      }
      all.put(each.getKey(), each.getValue());
    }
    CommandPlace own = place.workspace().place("r" + names.incrementAndGet());
    boolean launched = false;
    try {
      SandboxedProcess process =
          place.launch(
              new Command(
                  own,
                  argv,
                  "",
                  all,
                  SecretEnvironment.none(),
                  wanted.network(),
                  wanted.limits(),
                  terminal));
      launched = true;
      return new Running(own, process);
    } finally {
      if (!launched) {
        own.close();
      }
    }
  }
}
