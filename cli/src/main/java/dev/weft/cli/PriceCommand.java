package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "price",
    synopsisSubcommandLabel = "ACTION",
    description =
        "What a million tokens of a model cost: look at it, set it. A worker's price stands in its profile.")
final class PriceCommand {
  private PriceCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new PriceCommand())
        .addSubcommand(new PriceListCommand(context))
        .addSubcommand(new PriceSetCommand(context))
        .addSubcommand(new PriceRemoveCommand(context));
  }
}
