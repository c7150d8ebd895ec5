package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.DeadLetterApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.OptionFault;
import dev.weft.cli.output.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists dead letters, those that ended last first.")
final class DeadLettersListCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;
  @Mixin final LetterOptions letters = new LetterOptions();

  @Option(names = "--redriven", description = "also those that were redriven, and as what")
  boolean redrivenToo;

  @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 20)")
  int limit = 20;

  DeadLettersListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new OptionFault("--limit", Integer.toString(limit), "> 0");
    }
    List<JsonNode> found =
        global.ask(api -> new DeadLetterApi(api).list(letters.filter(), redrivenToo, limit));
    if (global.json()) {
      ArrayNode all = MeshApi.JSON.createArrayNode();
      found.forEach(all::add);
      global.printJson(all);
      return ExitCodes.OK;
    }
    Table table = new Table("TASK", "CLASS", "ENDED", "ATTEMPTS", "PROBLEM", "REDRIVEN AS");
    for (JsonNode letter : found) {
      table.row(
          letter.path("taskId").asText(""),
          OrderOptions.shownClass(letter.path("priorityClass").asText("")),
          letter.path("endTime").asText(""),
          letter.path("attempts").asInt(),
          GetCommand.problem(letter.path("problem")),
          letter.path("redrivenAs").asText(""));
    }
    global.print(table.render());
    return ExitCodes.OK;
  }
}
