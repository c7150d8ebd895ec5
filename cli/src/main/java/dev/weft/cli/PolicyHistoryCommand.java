package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.PolicyApi;
import dev.weft.cli.output.OptionFault;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "history", description = "Lists every version that was set, newest first.")
final class PolicyHistoryCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "at most so many versions (default: 100)")
  int limit = 100;

  PolicyHistoryCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new OptionFault("--limit", Integer.toString(limit), "> 0");
    }
    List<JsonNode> versions = global.ask(api -> new PolicyApi(api).list(limit));
    if (global.json()) {
      ArrayNode all = MeshApi.JSON.createArrayNode();
      versions.forEach(all::add);
      global.printJson(all);
    } else {
      global.print(PolicyText.history(versions));
    }
    return ExitCodes.OK;
  }
}
