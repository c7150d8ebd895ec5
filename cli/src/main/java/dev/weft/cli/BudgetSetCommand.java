package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.BudgetApi;
import dev.weft.cli.output.Money;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Sets what all work of a tenant may cost in a day of UTC; needs mesh.admin.",
      "What it has cost today counts. Only workers with a price in that currency take the tenant's work then."
    })
final class BudgetSetCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(index = "0", paramLabel = "TENANT", description = "whose")
  String tenant = "";

  @Parameters(
      index = "1",
      paramLabel = "AMOUNT",
      description = "a day, for example 5 or 12.50EUR; without a currency it is USD")
  String amount = "";

  BudgetSetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    Money daily = Money.parse("AMOUNT", amount);
    JsonNode budget =
        global.ask(api -> new BudgetApi(api).set(tenant, daily.micros(), daily.currency()));
    if (global.json()) {
      global.printJson(budget);
    } else {
      global.print(BudgetText.table(List.of(budget)));
    }
    return ExitCodes.OK;
  }
}
