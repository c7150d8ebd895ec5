package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.DeadLetterApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.UnreachableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "redrive",
    description = {
      "Submits failed tasks' work again, as new tasks with fresh retries.",
      "A letter makes one task, however often it is redriven: later calls name the first one's."
    })
final class DeadLettersRedriveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final LetterSelection selection = new LetterSelection();

  DeadLettersRedriveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    ObjectNode filter = selection.filter();
    LetterOutcomes outcomes = new LetterOutcomes(this::tell);
    try {
      int code = global.ask(api -> redrive(api, filter, outcomes));
      print(outcomes);
      return code;
    } catch (ApiException | UnreachableException e) {
      if (!outcomes.json().isEmpty()) {
        print(outcomes);
      }
      throw e;
    }
  }

  private int redrive(MeshApi api, ObjectNode filter, LetterOutcomes outcomes) {
    DeadLetterApi door = new DeadLetterApi(api);
    if (selection.isByName()) {
      outcomes.ofEach(selection.taskIds, door::redrive);
    } else {
      door.redriveAll(filter, outcomes::add);
    }
    return outcomes.exitCode();
  }

  private void print(LetterOutcomes outcomes) {
    if (global.json()) {
      global.printJson(outcomes.json());
    }
  }

  private void tell(JsonNode outcome) {
    if (!global.json()) {
      global.print(outcome.path("taskId").asText("") + " " + what(outcome) + "\n");
    }
  }

  private static String what(JsonNode outcome) {
    JsonNode redriven = outcome.path("redriven");
    if (!redriven.isObject()) {
      return "not redriven: " + GetCommand.problem(outcome.path("problem"));
    }
    return "redriven as "
        + redriven.path("taskId").asText("")
        + (redriven.path("existing").asBoolean() ? " (before)" : "");
  }
}
