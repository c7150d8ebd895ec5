package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.FleetApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "pools",
    description = {
      "Lists the pools of workers that the mesh keeps at their size, and what it last did.",
      "  pools resize NAME N    sets how many workers a pool should have"
    })
final class PoolsCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  private PoolsCommand(Context context) {
    global = new GlobalOptions(context);
  }

  static CommandLine line(Context context) {
    return new CommandLine(new PoolsCommand(context))
        .addSubcommand(new PoolsResizeCommand(context));
  }

  @Override
  public Integer call() {
    List<JsonNode> pools = global.ask(api -> new FleetApi(api).pools());
    if (global.json()) {
      ArrayNode array = MeshApi.JSON.createArrayNode();
      pools.forEach(array::add);
      global.printJson(array);
    } else {
      global.print(text(pools));
    }
    return ExitCodes.OK;
  }

  private static String text(List<JsonNode> pools) {
    Table sizes = new Table("POOL", "PROVIDER", "DESIRED", "BOUNDS", "LAST ACTION");
    Table workers = new Table("POOL", "WORKER", "STATE", "SINCE", "WHY");
    for (JsonNode pool : pools) {
      String name = pool.path("name").asText("");
      sizes.row(
          name,
          pool.path("provider").asText(""),
          pool.path("desired").asInt(),
          pool.path("least").asInt() + " to " + pool.path("most").asInt(),
          action(pool.path("lastAction")));
      for (JsonNode instance : pool.path("instances")) {
        workers.row(
            name,
            instance.path("workerName").asText(""),
            instance.path("state").asText("").replaceFirst("^INSTANCE_STATE_", ""),
            instance.path("updateTime").asText(""),
            instance.path("detail").asText(""));
      }
    }
    return sizes.render() + "\n" + workers.render();
  }

  private static String action(JsonNode action) {
    return action.isMissingNode()
        ? ""
        : "%s %s: %s"
            .formatted(
                action.path("kind").asText(""),
                action.path("workerName").asText(""),
                action.path("reason").asText(""));
  }
}
