package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "why", description = "Says why a task went where it went, or what it waits for.")
final class WhyCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TASK", description = "tsk_…")
  String taskId = "";

  WhyCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    TaskIds.require(taskId);
    return global.ask(this::print);
  }

  private int print(MeshApi api) {
    JsonNode decisions = api.decisions(taskId);
    if (global.json()) {
      global.printJson(decisions);
      return ExitCodes.OK;
    }
    if (!decisions.isEmpty()) {
      DecisionText text = new DecisionText(WorkerNames.read(api));
      decisions.forEach(decision -> global.print(text.render(decision)));
    }
    String reason = api.task(taskId).path("waitingReason").asText("");
    if (decisions.isEmpty()) {
      global.print("no decision yet" + (reason.isEmpty() ? "" : ": " + reason) + "\n");
    } else if (!reason.isEmpty()) {
      global.print("now: " + reason + "\n");
    }
    return ExitCodes.OK;
  }
}
