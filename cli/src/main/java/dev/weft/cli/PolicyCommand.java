package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "policy",
    synopsisSubcommandLabel = "ACTION",
    description = "By what workers are chosen: look at it, change it while the mesh runs.")
final class PolicyCommand {
  private PolicyCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new PolicyCommand())
        .addSubcommand(new PolicyShowCommand(context))
        .addSubcommand(new PolicySetCommand(context))
        .addSubcommand(new PolicyHistoryCommand(context));
  }
}
