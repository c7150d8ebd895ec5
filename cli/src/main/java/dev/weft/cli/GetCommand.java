package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.CostApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.output.Table;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Shows one task with its attempts; -o json has its output too.")
final class GetCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TASK", description = "tsk_…")
  String taskId = "";

  GetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    TaskIds.require(taskId);
    return global.ask(this::print);
  }

  private int print(MeshApi api) {
    TaskView task = new TaskView(api.task(taskId));
    if (global.json()) {
      global.printJson(task.json());
      return ExitCodes.OK;
    }
    WorkerNames names = WorkerNames.read(api);
    Table table = new Table("FIELD", "VALUE");
    table.row("id", task.id());
    table.row("state", task.state());
    row(table, "name", task.name());
    table.row("attempt", task.attempt());
    row(table, "worker", names.of(task.workerId()));
    row(table, "created", task.json().path("createTime").asText(""));
    row(table, "ended", task.json().path("endTime").asText(""));
    row(table, "cost", cost(api));
    row(table, "tokens", CostText.tokens(task.json().path("modelTokens")));
    row(table, "waits for", task.json().path("waitingReason").asText(""));
    row(table, "problem", problem(task.json().path("problem")));
    row(table, "redrive of", task.json().path("redriveOf").asText(""));
    row(table, "redriven as", task.json().path("redrivenAs").asText(""));
    if (task.hasResult()) {
      table.row("exit code", task.exitCode());
      table.row(
          "output", task.outputBytes() + " bytes" + (task.outputTruncated() ? ", truncated" : ""));
      table.row("wall time", task.json().path("result").path("wallTime").asText(""));
    }
    for (JsonNode attempt : task.json().path("endedAttempts")) {
      table.row(
          "attempt " + attempt.path("number").asInt(),
          attempt.path("state").asText("").replaceFirst("^ATTEMPT_STATE_", "")
              + " on "
              + names.of(attempt.path("workerId").asText(""))
              + " "
              + problem(attempt.path("problem")));
    }
    global.print(table.render());
    return ExitCodes.OK;
  }

  /** So far; what runs counts until now. A task is shown also when its cost can't be had. */
  private String cost(MeshApi api) {
    try {
      return CostText.sum(
          new CostApi(api).list(Map.of("by", "task", "taskId", taskId), Integer.MAX_VALUE).lines());
    } catch (ApiException refused) {
      return "not shown: " + refused.reason();
    }
  }

  private static void row(Table table, String field, String value) {
    if (!value.isEmpty() && !value.equals("null")) {
      table.row(field, value);
    }
  }

  /** Reason and text; empty if there is none. */
  static String problem(JsonNode problem) {
    String reason = problem.path("reason").asText("");
    return reason.isEmpty() ? "" : reason + ": " + problem.path("message").asText("");
  }
}
