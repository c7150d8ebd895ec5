package dev.weft.cli;

import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "show", description = "Shows one agent: its state, its body, its stored workspace.")
final class AgentShowCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  AgentShowCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::print);
  }

  private int print(MeshApi mesh) {
    AgentView found = new AgentView(new AgentApi(mesh).get(agent.id(mesh)));
    if (global.json()) {
      global.printJson(found.json());
    } else {
      global.print(AgentText.card(found, WorkerNames.read(mesh)).render());
    }
    return ExitCodes.OK;
  }
}
