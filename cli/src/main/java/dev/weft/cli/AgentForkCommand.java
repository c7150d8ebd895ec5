package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "fork",
    sortOptions = false,
    description = {
      "Makes an agent like this one and prints its id. It begins with this one's workspace: as it is now if",
      "this one runs, else as it was stored last. This one goes on undisturbed."
    })
final class AgentForkCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(names = "--name", description = "what people call the new one")
  @Nullable String name;

  @Option(names = "--wait", description = "until it runs")
  boolean wait;

  AgentForkCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::fork);
  }

  private int fork(MeshApi mesh) {
    JsonNode made =
        new AgentApi(mesh)
            .fork(agent.id(mesh), name == null ? "" : name, UUID.randomUUID().toString());
    String id = new AgentView(made).id();
    if (wait) {
      made = new AgentWait(mesh, global.context()).untilItRuns(id).json();
    }
    if (global.json()) {
      global.printJson(made);
    } else {
      global.print(id + "\n");
    }
    return ExitCodes.OK;
  }
}
