package dev.weft.cli;

import dev.weft.cli.client.LimitApi;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description =
        "Takes a tenant's tier away: nothing bounds what it has at once, or uses over time, then."
            + " Needs mesh.admin.")
final class LimitsRemoveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TENANT", description = "whose")
  String tenant = "";

  LimitsRemoveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    global.ask(
        api -> {
          new LimitApi(api).remove(tenant);
          return true;
        });
    if (global.json()) {
      global.printJson(MeshApi.JSON.createObjectNode().put("deleted", tenant));
    }
    return ExitCodes.OK;
  }
}
