package dev.weft.worker.domain.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something that an agent is given to do: a command line, or an errand.
 *
 * @param argv program and arguments; with {@code useShell} one text for {@code /bin/sh -c}
 * @param workingDirectory relative to the workspace; empty is the workspace itself
 * @param timeout empty: as long as the body lives
 * @param traceparent W3C trace context of who gave it; empty when there is none
 * @param errand what the body does itself; then there is no argv
 */
public record AgentCommand(
    String id,
    List<String> argv,
    boolean useShell,
    String workingDirectory,
    Optional<Duration> timeout,
    String traceparent,
    Optional<BodyErrand> errand) {
  public AgentCommand {
    argv = List.copyOf(argv);
  }

  /** A command line. */
  public AgentCommand(
      String id,
      List<String> argv,
      boolean useShell,
      String workingDirectory,
      Optional<Duration> timeout,
      String traceparent) {
    this(id, argv, useShell, workingDirectory, timeout, traceparent, Optional.empty());
  }

  /** An errand. */
  public static AgentCommand errand(String id, BodyErrand errand, String traceparent) {
    return new AgentCommand(
        id, List.of(), false, "", Optional.empty(), traceparent, Optional.of(errand));
  }
}
