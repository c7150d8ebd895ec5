package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "snapshot", description = "Shows the workspace as it was stored last.")
final class AgentSnapshotCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  AgentSnapshotCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::print);
  }

  private int print(MeshApi mesh) {
    String id = agent.id(mesh);
    JsonNode snapshot = new AgentApi(mesh).get(id).path("snapshot");
    if (!snapshot.isObject()) {
      throw new CliException(ExitCodes.NOT_FOUND, "snapshot of " + id + ": none yet");
    }
    if (global.json()) {
      global.printJson(snapshot);
    } else {
      String artifact = snapshot.path("artifactId").asText("");
      global.print(AgentText.snapshot(snapshot).render());
      global.print("its files: weft artifacts get --unpack DIR " + artifact + "\n");
    }
    return ExitCodes.OK;
  }
}
