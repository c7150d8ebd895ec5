package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "hibernate",
    description = "Stores its workspace and lets its body go; what runs for a command is ended.")
final class AgentHibernateCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  AgentHibernateCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::steer);
  }

  private int steer(MeshApi mesh) {
    String id = agent.id(mesh);
    JsonNode now = new AgentApi(mesh).hibernate(id);
    if (global.json()) {
      global.printJson(now);
    } else {
      global.print(id + " " + new AgentView(now).state() + "\n");
    }
    return ExitCodes.OK;
  }
}
