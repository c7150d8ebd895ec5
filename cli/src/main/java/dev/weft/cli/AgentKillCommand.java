package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "kill",
    description = "Ends an agent for good; its stored workspace stays until its time is over.")
final class AgentKillCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(names = "--reason", paramLabel = "TEXT", description = "why; for people")
  String reason = "";

  AgentKillCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::steer);
  }

  private int steer(MeshApi mesh) {
    String id = agent.id(mesh);
    JsonNode now = new AgentApi(mesh).terminate(id, reason);
    if (global.json()) {
      global.printJson(now);
    } else {
      global.print(id + " " + new AgentView(now).state() + "\n");
    }
    return ExitCodes.OK;
  }
}
