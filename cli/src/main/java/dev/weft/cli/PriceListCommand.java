package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.ModelPriceApi;
import dev.weft.cli.output.OptionFault;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Shows the prices of models, as they are or were.")
final class PriceListCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(
      names = "--table",
      paramLabel = "N",
      description = "as the table was in this version (default: the newest)")
  int version;

  PriceListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (version < 0) {
      throw new OptionFault("--table", Integer.toString(version), "a version: > 0");
    }
    JsonNode table = global.ask(api -> new ModelPriceApi(api).list(version));
    if (global.json()) {
      global.printJson(table);
    } else {
      global.print(PriceText.table(table));
    }
    return ExitCodes.OK;
  }
}
