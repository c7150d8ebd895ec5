package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.BudgetApi;
import dev.weft.cli.output.Money;
import dev.weft.cli.output.OptionFault;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Sets what all work of a tenant may cost in a day of UTC, in money, in tokens of models or in both;",
      "needs mesh.admin. It takes the place of the last, and what was used today counts.",
      "What is not named, the amount or the tokens, is taken away.",
      "With an amount only workers with a price in its currency take the tenant's work."
    })
final class BudgetSetCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(index = "0", paramLabel = "TENANT", description = "whose")
  String tenant = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "AMOUNT",
      description = "a day, for example 5 or 12.50EUR; without a currency it is USD")
  @Nullable String amount;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "most tokens of models that its commands may report a day, in and out together")
  @Nullable Long tokens;

  BudgetSetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    Money daily = amount == null ? null : Money.parse("AMOUNT", amount);
    long mostTokens = mostTokens();
    JsonNode budget = global.ask(api -> new BudgetApi(api).set(tenant, daily, mostTokens));
    if (global.json()) {
      global.printJson(budget);
    } else {
      global.print(BudgetText.table(List.of(budget)));
    }
    return ExitCodes.OK;
  }

  private long mostTokens() {
    if (tokens == null && amount == null) {
      throw new OptionFault("AMOUNT", "", "an amount, --tokens or both");
    }
    if (tokens != null && tokens < 1) {
      throw new OptionFault("--tokens", tokens.toString(), "> 0");
    }
    return tokens == null ? 0 : tokens;
  }
}
