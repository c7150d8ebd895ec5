package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "artifacts",
    synopsisSubcommandLabel = "ACTION",
    description = "Keeps bytes in the mesh: files, output of tasks, trees of files.")
final class ArtifactsCommand {
  private ArtifactsCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new ArtifactsCommand())
        .addSubcommand(new ArtifactsPutCommand(context))
        .addSubcommand(new ArtifactsGetCommand(context))
        .addSubcommand(new ArtifactsListCommand(context))
        .addSubcommand(new ArtifactsRemoveCommand(context));
  }
}
