package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists tasks, newest first.")
final class ListCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  @Mixin final GlobalOptions global;

  @Option(names = "--state", description = "only these states, for example RUNNING; repeatable")
  List<String> states = new ArrayList<>();

  @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 20)")
  int limit = 20;

  ListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit: " + limit + " (expected: > 0)");
    }
    return global.ask(this::print);
  }

  private int print(MeshApi api) {
    ArrayNode tasks = fetch(api);
    if (global.json()) {
      global.printJson(tasks);
      return ExitCodes.OK;
    }
    WorkerNames names = WorkerNames.read(api);
    Table table = new Table("TASK", "STATE", "ATTEMPT", "WORKER", "CREATED");
    for (JsonNode json : tasks) {
      TaskView task = new TaskView(json);
      table.row(
          task.id(),
          task.state(),
          task.attempt(),
          names.of(task.workerId()),
          json.path("createTime").asText(""));
    }
    global.print(table.render());
    return ExitCodes.OK;
  }

  /** A page may be short, even empty, while there is a next one. */
  private ArrayNode fetch(MeshApi api) {
    ArrayNode all = MeshApi.JSON.createArrayNode();
    String pageToken = "";
    do {
      JsonNode page = api.tasks(Math.min(PAGE, limit - all.size()), pageToken, states);
      page.path("tasks").forEach(all::add);
      pageToken = page.path("nextPageToken").asText("");
    } while (!pageToken.isEmpty() && all.size() < limit);
    return all;
  }
}
