package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.MeshApi;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "snapshot",
    description = {
      "Stores the workspace of a running agent now and shows what it is called; of one that sleeps, shows",
      "what was stored last. What is stored by wish is kept for 365 days."
    })
final class AgentSnapshotCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final AgentName agent = new AgentName();

  @Option(
      names = "--last",
      description = "only show what was stored last, also of one that is over")
  boolean last;

  AgentSnapshotCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::print);
  }

  private int print(MeshApi mesh) {
    String id = agent.id(mesh);
    JsonNode snapshot = snapshot(new AgentApi(mesh), id);
    if (global.json()) {
      global.printJson(snapshot);
    } else {
      String artifact = snapshot.path("artifactId").asText("");
      global.print(AgentText.snapshot(snapshot).render());
      global.print("its files: weft artifacts get --unpack DIR " + artifact + "\n");
    }
    return ExitCodes.OK;
  }

  private JsonNode snapshot(AgentApi api, String id) {
    if (!last) {
      return api.snapshot(id, UUID.randomUUID().toString());
    }
    JsonNode snapshot = api.get(id).path("snapshot");
    if (!snapshot.isObject()) {
      throw new CliException(ExitCodes.NOT_FOUND, "snapshot of " + id + ": none yet");
    }
    return snapshot;
  }
}
