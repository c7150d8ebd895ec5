package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.AgentApi;
import dev.weft.cli.client.AgentView;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "spawn",
    sortOptions = false,
    description = {
      "Makes an agent and prints its id. It lives until it is killed: when nothing happens it sleeps and",
      "costs nothing, and its workspace is there when it wakes."
    })
final class AgentSpawnCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(names = "--name", description = "what people call it")
  @Nullable String name;

  @Mixin final NeedOptions needs = new NeedOptions();

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "only workers that serve this queue (without: the queue named default)")
  @Nullable String queue;

  @Option(
      names = "--class",
      paramLabel = "P0..P6",
      description = "priority class of its bodies (default: P1)")
  @Nullable String priorityClass;

  @Mixin final ResourceOptions resources = new ResourceOptions();

  @Option(
      names = "--idle",
      paramLabel = "T",
      description = "hibernates after so long without activity, 10s to 24h (default: 15m)")
  @Nullable String idle;

  @Option(
      names = "--network",
      description = "let it use the worker's own network (default: none at all)")
  boolean network;

  @Option(
      names = "--env",
      paramLabel = "K=V",
      description = "set in the environment of its commands and its terminal; repeatable")
  Map<String, String> environment = new LinkedHashMap<>();

  @Mixin final PackedDirectory directory = new PackedDirectory();

  @Option(names = "--wait", description = "until it runs")
  boolean wait;

  @Option(names = "--attach", description = "open its terminal")
  boolean attach;

  AgentSpawnCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (attach && global.json()) {
      throw new OptionFault("--attach", "with -o json", "one of the two");
    }
    if (attach) {
      TerminalMode.require(global.context());
    }
    ObjectNode spec = spec();
    directory.check();
    try (MeshApi mesh = global.api()) {
      sendDirectory(spec);
      AgentApi api = new AgentApi(mesh);
      JsonNode agent = api.spawn(spec, UUID.randomUUID().toString());
      String id = new AgentView(agent).id();
      if (attach) {
        return AgentAttachCommand.attach(global, mesh, id, false, "");
      }
      if (wait) {
        agent = new AgentWait(mesh, global.context()).untilItRuns(id).json();
      }
      if (global.json()) {
        global.printJson(agent);
      } else {
        global.print(id + "\n");
      }
      return ExitCodes.OK;
    }
  }

  private void sendDirectory(ObjectNode spec) {
    if (directory.directory != null) {
      try (RpcDoor door = global.door()) {
        directory.send(spec, global, door, global.json());
      }
    }
  }

  private ObjectNode spec() {
    ObjectNode spec = MeshApi.JSON.createObjectNode();
    if (name != null) {
      spec.put("displayName", name);
    }
    needs.addTo(spec);
    resources.addTo(spec);
    if (priorityClass != null) {
      spec.put("priorityClass", OrderOptions.wireClass(priorityClass));
    }
    if (queue != null) {
      spec.put("queue", queue);
    }
    if (idle != null) {
      spec.put("idleTimeout", Amounts.protoJson(Amounts.duration("--idle", idle)));
    }
    if (network) {
      spec.put("networkAccess", "NETWORK_ACCESS_OPEN");
    }
    if (!environment.isEmpty()) {
      ObjectNode variables = spec.putObject("environment");
      environment.forEach(variables::put);
    }
    return spec;
  }
}
