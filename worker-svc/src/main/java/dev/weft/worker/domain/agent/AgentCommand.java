package dev.weft.worker.domain.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A command line that an agent is given.
 *
 * @param argv program and arguments; with {@code useShell} one text for {@code /bin/sh -c}
 * @param workingDirectory relative to the workspace; empty is the workspace itself
 * @param timeout empty: as long as the body lives
 * @param traceparent W3C trace context of who gave it; empty when there is none
 */
public record AgentCommand(
    String id,
    List<String> argv,
    boolean useShell,
    String workingDirectory,
    Optional<Duration> timeout,
    String traceparent) {
  public AgentCommand {
    argv = List.copyOf(argv);
  }
}
