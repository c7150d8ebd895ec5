package dev.weft.worker.app.agent;

import dev.weft.worker.app.SandboxException;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Work.NetworkAccess;
import dev.weft.worker.domain.agent.CommandQueue;
import java.io.IOException;
import java.util.Map;

/** Has places for bodies: made when one comes, or before anybody asked. */
@FunctionalInterface
public interface BodyPlaces {

  /** What one body starts at the same time at most: its commands, and the terminal beside them. */
  int AT_ONCE = CommandQueue.MOST_RUNNING + 1;

  /**
   * A place with an empty workspace, in which nobody ever was and nobody else ever will be.
   *
   * @throws SandboxException if it could not be made; then nothing is left of it
   */
  BodyPlace open(Wanted wanted) throws IOException, SandboxException;

  /**
   * What a body needs.
   *
   * @param limits of all that it runs, together
   * @param environment of all that it runs; commands and the terminal add some of their own
   */
  record Wanted(
      AttemptKey key, NetworkAccess network, Limits limits, Map<String, String> environment) {

    public Wanted {
      environment = Map.copyOf(environment);
    }
  }
}
