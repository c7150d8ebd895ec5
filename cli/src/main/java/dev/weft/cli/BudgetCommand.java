package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "budget",
    synopsisSubcommandLabel = "ACTION",
    description =
        "What a tenant's work may cost in a day of UTC, in money and in tokens of models: look at it, set it. A task's own is run --budget.")
final class BudgetCommand {
  private BudgetCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new BudgetCommand())
        .addSubcommand(new BudgetListCommand(context))
        .addSubcommand(new BudgetSetCommand(context))
        .addSubcommand(new BudgetRemoveCommand(context));
  }
}
