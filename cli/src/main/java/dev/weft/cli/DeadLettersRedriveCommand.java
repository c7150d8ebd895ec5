package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.DeadLetterApi;
import dev.weft.cli.client.MeshApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "redrive",
    description = {
      "Submits failed tasks' work again, as new tasks with fresh retries.",
      "A letter makes one task, however often it is redriven: later calls name the first one's."
    })
final class DeadLettersRedriveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final LetterOptions letters = new LetterOptions();

  @Parameters(arity = "0..*", paramLabel = "TASK", description = "tsk_…; or a filter, or --all")
  List<String> taskIds = new ArrayList<>();

  @Option(names = "--all", description = "every letter that is in the queue now")
  boolean all;

  DeadLettersRedriveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    ObjectNode filter = letters.required(taskIds, all);
    ArrayNode outcomes = MeshApi.JSON.createArrayNode();
    Consumer<JsonNode> taken =
        outcome -> {
          outcomes.add(outcome);
          if (!global.json()) {
            global.print(line(outcome));
          }
        };
    global.ask(
        api -> {
          DeadLetterApi door = new DeadLetterApi(api);
          if (taskIds.isEmpty()) {
            door.redriveAll(filter, taken);
          } else {
            taskIds.forEach(id -> taken.accept(door.redrive(id)));
          }
          return outcomes;
        });
    if (global.json()) {
      global.printJson(outcomes);
    }
    for (JsonNode outcome : outcomes) {
      if (outcome.path("problem").isObject()) {
        return ExitCodes.FAILED;
      }
    }
    return ExitCodes.OK;
  }

  private static String line(JsonNode outcome) {
    String id = outcome.path("taskId").asText("");
    JsonNode redriven = outcome.path("redriven");
    if (!redriven.isObject()) {
      return id + " not redriven: " + GetCommand.problem(outcome.path("problem")) + "\n";
    }
    return id
        + " redriven as "
        + redriven.path("taskId").asText("")
        + (redriven.path("existing").asBoolean() ? " (before)" : "")
        + "\n";
  }
}
