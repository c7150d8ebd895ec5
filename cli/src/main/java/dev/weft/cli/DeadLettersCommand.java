package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "dead-letters",
    synopsisSubcommandLabel = "ACTION",
    description = "Tasks that failed for good: look at them, run them again, or let them go.")
final class DeadLettersCommand {
  private DeadLettersCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new DeadLettersCommand())
        .addSubcommand(new DeadLettersListCommand(context))
        .addSubcommand(new DeadLettersShowCommand(context))
        .addSubcommand(new DeadLettersRedriveCommand(context))
        .addSubcommand(new DeadLettersPurgeCommand(context));
  }
}
