package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.OptionFault;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** Which agent is meant: its id, or what it was called at its spawn. */
final class AgentName {
  private static final Pattern ID = Pattern.compile("agt_[0-9a-z]{26}");

  @Parameters(
      index = "0",
      paramLabel = "AGENT",
      description = "agt_…, or its name if no other has it")
  String typed = "";

  /** Its id; asks the mesh only if a name was typed. */
  String id(MeshApi mesh) {
    if (typed.isBlank()) {
      throw new OptionFault("agent", typed, "agt_ and 26 characters, or a name");
    }
    return ID.matcher(typed).matches() ? typed : named(new AgentApi(mesh));
  }

  /** One that is open before one that is over. */
  private String named(AgentApi api) {
    List<String> found = ids(api.list(Integer.MAX_VALUE, AgentView.OPEN));
    if (found.isEmpty()) {
      found = ids(api.list(Integer.MAX_VALUE, List.of()));
    }
    if (found.isEmpty()) {
      throw new CliException(
          ExitCodes.NOT_FOUND, "agent: " + typed + " (expected: an id, agt_…, or an agent's name)");
    }
    if (found.size() > 1) {
      throw new CliException(
          ExitCodes.FAILED,
          "agent: %s is the name of %d (expected: one of the ids %s)"
              .formatted(
                  typed, found.size(), found.stream().limit(5).collect(Collectors.joining(", "))));
    }
    return found.getFirst();
  }

  private List<String> ids(List<JsonNode> agents) {
    return agents.stream()
        .map(AgentView::new)
        .filter(agent -> agent.name().equals(typed))
        .map(AgentView::id)
        .toList();
  }
}
