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
    name = "purge",
    description = {
      "Takes dead letters out of the queue for good; they can't be redriven any more.",
      "The failed tasks stay readable until their retention is over."
    })
final class DeadLettersPurgeCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final LetterSelection selection = new LetterSelection();

  private long purged;

  DeadLettersPurgeCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    ObjectNode filter = selection.filter();
    LetterOutcomes outcomes = new LetterOutcomes(this::take);
    try {
      int code = global.ask(api -> purge(api, filter, outcomes));
      print(outcomes);
      return code;
    } catch (ApiException | UnreachableException e) {
      if (purged > 0 || (global.json() && !outcomes.json().isEmpty())) {
        print(outcomes);
      }
      throw e;
    }
  }

  private int purge(MeshApi api, ObjectNode filter, LetterOutcomes outcomes) {
    DeadLetterApi door = new DeadLetterApi(api);
    if (selection.isByName()) {
      outcomes.ofEach(selection.taskIds, door::purge);
    } else {
      door.purgeAll(filter, count -> purged += count);
    }
    return outcomes.exitCode();
  }

  private void take(JsonNode outcome) {
    boolean now = outcome.path("purged").asBoolean();
    purged += now ? 1 : 0;
    if (!now && !global.json()) {
      String why = GetCommand.problem(outcome.path("problem"));
      global.print(
          outcome.path("taskId").asText("")
              + " not purged: "
              + (why.isEmpty() ? "it was redriven or purged before" : why)
              + "\n");
    }
  }

  private void print(LetterOutcomes outcomes) {
    if (!global.json()) {
      global.print(purged + " purged\n");
      return;
    }
    ObjectNode answer = MeshApi.JSON.createObjectNode().put("purged", purged);
    if (selection.isByName()) {
      answer.set("results", outcomes.json());
    }
    global.printJson(answer);
  }
}
