package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.ModelPriceApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description =
        "Takes a model's price away: its tokens are unpriced from then on. Needs mesh.admin.")
final class PriceRemoveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "MODEL", description = "its name")
  String model = "";

  PriceRemoveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    global.ask(
        api -> {
          new ModelPriceApi(api).remove(model);
          return true;
        });
    if (global.json()) {
      global.printJson(MeshApi.JSON.createObjectNode().put("deleted", model));
    }
    return ExitCodes.OK;
  }
}
