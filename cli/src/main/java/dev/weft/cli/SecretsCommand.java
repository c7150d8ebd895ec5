package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "secrets",
    synopsisSubcommandLabel = "ACTION",
    description = "What tasks may ask for (run --secret) and nobody else can read back.")
final class SecretsCommand {
  private SecretsCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new SecretsCommand())
        .addSubcommand(new SecretsPutCommand(context))
        .addSubcommand(new SecretsListCommand(context))
        .addSubcommand(new SecretsRemoveCommand(context));
  }
}
