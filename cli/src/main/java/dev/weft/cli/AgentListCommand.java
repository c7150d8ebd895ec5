package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists agents that are not over, newest first.")
final class AgentListCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(names = "--all", description = "those that are over, too")
  boolean all;

  @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 100)")
  int limit = 100;

  AgentListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit: " + limit + " (expected: > 0)");
    }
    return global.ask(this::print);
  }

  private int print(MeshApi mesh) {
    List<JsonNode> agents = new AgentApi(mesh).list(limit, all ? List.of() : AgentView.OPEN);
    if (global.json()) {
      ArrayNode array = MeshApi.JSON.createArrayNode();
      agents.forEach(array::add);
      global.printJson(array);
    } else {
      global.print(AgentText.table(agents, WorkerNames.read(mesh)).render());
    }
    return ExitCodes.OK;
  }
}
