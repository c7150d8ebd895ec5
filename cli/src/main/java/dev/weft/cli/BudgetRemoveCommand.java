package dev.weft.cli;

import dev.weft.cli.client.BudgetApi;
import dev.weft.cli.client.MeshApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description = "Takes a tenant's budget away: nothing bounds its costs then. Needs mesh.admin.")
final class BudgetRemoveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "TENANT", description = "whose")
  String tenant = "";

  BudgetRemoveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    global.ask(
        api -> {
          new BudgetApi(api).remove(tenant);
          return true;
        });
    if (global.json()) {
      global.printJson(MeshApi.JSON.createObjectNode().put("deleted", tenant));
    }
    return ExitCodes.OK;
  }
}
