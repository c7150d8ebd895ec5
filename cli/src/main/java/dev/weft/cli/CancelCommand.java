package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.TaskView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Asks to end a task; one that has ended stays as it is.")
final class CancelCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TASK", description = "tsk_…")
  String taskId = "";

  CancelCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    TaskIds.require(taskId);
    JsonNode task = global.ask(api -> api.cancel(taskId));
    if (global.json()) {
      global.printJson(task);
    } else {
      global.print(taskId + " " + new TaskView(task).state() + "\n");
    }
    return ExitCodes.OK;
  }
}
