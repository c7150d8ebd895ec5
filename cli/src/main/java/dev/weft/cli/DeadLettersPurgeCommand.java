package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.DeadLetterApi;
import dev.weft.cli.client.MeshApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "purge",
    description = {
      "Takes dead letters out of the queue for good; they can't be redriven any more.",
      "The failed tasks stay readable until their retention is over."
    })
final class DeadLettersPurgeCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final LetterOptions letters = new LetterOptions();

  @Parameters(arity = "0..*", paramLabel = "TASK", description = "tsk_…; or a filter, or --all")
  List<String> taskIds = new ArrayList<>();

  @Option(names = "--all", description = "every letter that is in the queue now")
  boolean all;

  DeadLettersPurgeCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    ObjectNode filter = letters.required(taskIds, all);
    long purged =
        global.ask(
            api -> {
              DeadLetterApi door = new DeadLetterApi(api);
              return taskIds.isEmpty()
                  ? door.purgeAll(filter)
                  : taskIds.stream().filter(door::purge).count();
            });
    if (global.json()) {
      global.printJson(MeshApi.JSON.createObjectNode().put("purged", purged));
    } else {
      global.print(purged + " purged\n");
    }
    return ExitCodes.OK;
  }
}
