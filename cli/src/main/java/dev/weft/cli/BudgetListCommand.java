package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.BudgetApi;
import dev.weft.cli.client.MeshApi;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Shows your tenant's budget, and what is left of it today.")
final class BudgetListCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(names = "--all-tenants", description = "every tenant's; needs mesh.admin")
  boolean allTenants;

  BudgetListCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    List<JsonNode> budgets = global.ask(api -> new BudgetApi(api).list(allTenants));
    if (global.json()) {
      ArrayNode all = MeshApi.JSON.createArrayNode();
      budgets.forEach(all::add);
      global.printJson(all);
    } else {
      global.print(BudgetText.table(budgets));
    }
    return ExitCodes.OK;
  }
}
