package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "wake", description = "Gives a sleeping agent a body.")
final class AgentWakeCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(names = "--wait", description = "until it runs")
  boolean wait;

  AgentWakeCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::steer);
  }

  private int steer(MeshApi mesh) {
    String id = agent.id(mesh);
    JsonNode now = new AgentApi(mesh).wake(id);
    if (wait) {
      now = new AgentWait(mesh, global.context()).untilItRuns(id).json();
    }
    if (global.json()) {
      global.printJson(now);
    } else {
      global.print(id + " " + new AgentView(now).state() + "\n");
    }
    return ExitCodes.OK;
  }
}
