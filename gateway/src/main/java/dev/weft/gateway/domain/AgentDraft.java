package dev.weft.gateway.domain;

import dev.weft.gateway.domain.TaskDraft.Amounts;
import dev.weft.gateway.domain.TaskDraft.Needs;
import dev.weft.gateway.domain.TaskDraft.Span;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody wrote who wants an agent, as far as the door judges it.
 *
 * @param unrecognized enum fields with a number that no name belongs to
 * @param unsupported fields that are set and whose behaviour comes later
 */
public record AgentDraft(
    Names names,
    Needs needs,
    Amounts amounts,
    Optional<Span> idleTimeout,
    Surroundings surroundings,
    List<Violation> unrecognized,
    List<String> unsupported) {

  public AgentDraft {
    unrecognized = List.copyOf(unrecognized);
    unsupported = List.copyOf(unsupported);
  }

  /**
   * For people, and whose it is.
   *
   * @param user empty is nobody's
   */
  public record Names(String displayName, String user) {}

  /**
   * What its commands find.
   *
   * @param workspaceArtifact empty is none
   */
  public record Surroundings(String workspaceArtifact, Map<String, String> environment) {

    public Surroundings {
      environment = Map.copyOf(environment);
    }
  }
}
