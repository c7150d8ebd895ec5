package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.DeadLetterApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.output.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows why a task failed, attempt by attempt; -o json has their last output too.",
      "Says whether its letter is in the queue, was redriven (and as what) or was purged."
    })
final class DeadLettersShowCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TASK", description = "tsk_…")
  String taskId = "";

  /** Where the letter of a failed task is. */
  private enum Fate {
    IN_QUEUE,
    REDRIVEN,
    PURGED;

    static Fate of(TaskView task, DeadLetterApi door) {
      if (!task.redrivenAs().isEmpty()) {
        return REDRIVEN;
      }
      return door.letterOf(task).isPresent() ? IN_QUEUE : PURGED;
    }
  }

  DeadLettersShowCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    TaskIds.require(taskId);
    return global.ask(this::print);
  }

  private int print(MeshApi api) {
    TaskView task = new TaskView(api.task(taskId));
    if (!task.state().equals("FAILED")) {
      throw new CliException(
          ExitCodes.NOT_FOUND, "task: " + taskId + " is " + task.state() + " (expected: FAILED)");
    }
    Fate fate = Fate.of(task, new DeadLetterApi(api));
    if (global.json()) {
      ObjectNode json = task.json().deepCopy();
      global.printJson(json.put("deadLetter", fate.name()));
      return ExitCodes.OK;
    }
    WorkerNames names = WorkerNames.read(api);
    global.print(taskId + " " + GetCommand.problem(task.json().path("problem")) + "\n");
    global.print(
        switch (fate) {
          case IN_QUEUE -> "in the dead-letter queue\n";
          case REDRIVEN -> "redriven as " + task.redrivenAs() + "\n";
          case PURGED -> "purged: no longer in the dead-letter queue, can't be redriven\n";
        });
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
