package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.ShardApi;
import dev.weft.cli.output.Table;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "shards",
    description = "Lists the shards of users and the workers that serve each; needs mesh.admin.")
final class ShardsCommand implements Callable<Integer> {
  private static final double GIB = 1L << 30;

  @Mixin final GlobalOptions global;

  ShardsCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::print);
  }

  private int print(MeshApi api) {
    JsonNode answer = new ShardApi(api).list();
    if (global.json()) {
      global.printJson(answer);
    } else if (answer.path("targetUsers").asInt() == 0) {
      global.print("shards are off (WEFT_SHARDS_USERS=0)\n");
    } else {
      global.print(table(answer.path("shards"), WorkerNames.read(api)).render());
    }
    return ExitCodes.OK;
  }

  private static Table table(JsonNode shards, WorkerNames names) {
    Table table =
        new Table("SHARD", "FROM", "WHY", "USERS", "LEAVING", "SPLITS", "MEMORY", "WORKERS");
    for (JsonNode shard : shards) {
      int parent = shard.path("parent").asInt();
      StringJoiner workers = new StringJoiner(" ");
      shard.path("workerIds").forEach(id -> workers.add(names.of(id.asText(""))));
      table.row(
          shard.path("number").asInt(),
          parent == 0 ? "-" : Integer.toString(parent),
          shard.path("reason").asText("").replaceFirst("^SHARD_REASON_", ""),
          shard.path("users").asInt(),
          shard.path("leavingUsers").asInt(),
          shard.path("splits").asInt(),
          memory(shard),
          workers.toString());
    }
    return table;
  }

  /** What is promised to running work, of what there is. */
  private static String memory(JsonNode shard) {
    double all = shard.path("memoryBytes").asDouble();
    double taken = shard.path("takenMemoryBytes").asDouble();
    long percent = all <= 0 ? 0 : Math.round(100 * taken / all);
    return String.format(Locale.ROOT, "%d%% of %.1f GiB", percent, all / GIB);
  }
}
