package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.output.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Shows why a task failed, attempt by attempt; -o json has their last output too.")
final class DeadLettersShowCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TASK", description = "tsk_…")
  String taskId = "";

  DeadLettersShowCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    return global.ask(this::print);
  }

  private int print(MeshApi api) {
    TaskView task = new TaskView(api.task(taskId));
    if (!task.state().equals("FAILED")) {
      throw new CliException(
          ExitCodes.NOT_FOUND, "task: " + taskId + " is " + task.state() + " (expected: FAILED)");
    }
    if (global.json()) {
      global.printJson(task.json());
      return ExitCodes.OK;
    }
    WorkerNames names = WorkerNames.read(api);
    global.print(taskId + " " + GetCommand.problem(task.json().path("problem")) + "\n");
    String redrivenAs = task.json().path("redrivenAs").asText("");
    if (!redrivenAs.isEmpty()) {
      global.print("redriven as " + redrivenAs + "\n");
    }
    Table table = new Table("ATTEMPT", "STATE", "WORKER", "STARTED", "ENDED", "PROBLEM");
    for (JsonNode attempt : task.json().path("endedAttempts")) {
      table.row(
          attempt.path("number").asInt(),
          attempt.path("state").asText("").replaceFirst("^ATTEMPT_STATE_", ""),
          names.of(attempt.path("workerId").asText("")),
          attempt.path("startTime").asText(""),
          attempt.path("endTime").asText(""),
          GetCommand.problem(attempt.path("problem")));
    }
    global.print(table.render());
    return ExitCodes.OK;
  }
}
