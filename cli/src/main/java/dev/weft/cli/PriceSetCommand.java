package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.ModelPriceApi;
import dev.weft.cli.output.Money;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Sets what a million tokens of a model cost; needs mesh.admin.",
      "It counts for what is leased from now on: what has run costs what it did."
    })
final class PriceSetCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "MODEL", description = "its name, as commands report it")
  String model = "";

  @Option(
      names = "--in",
      required = true,
      paramLabel = "AMOUNT",
      description = "for a million tokens that go in, for example 3 or 0.25; 0 for nothing")
  String input = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "AMOUNT",
      description = "for a million tokens that come out")
  String output = "";

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      description = "of both amounts (default: ${DEFAULT-VALUE})")
  String currency = Money.USUAL_CURRENCY;

  PriceSetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    long in = Money.micros("--in", input);
    long out = Money.micros("--out", output);
    JsonNode price = global.ask(api -> new ModelPriceApi(api).set(model, in, out, currency));
    if (global.json()) {
      global.printJson(price);
    } else {
      global.print(PriceText.rows(List.of(price)));
    }
    return ExitCodes.OK;
  }
}
