package dev.weft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "agent",
    synopsisSubcommandLabel = "ACTION",
    description =
        "Agents: sessions that outlive the machine they run on. Spawn one, talk to it, let it sleep.")
final class AgentCommand {
  private AgentCommand() {}

  static CommandLine line(Context context) {
    return new CommandLine(new AgentCommand())
        .addSubcommand(new AgentSpawnCommand(context))
        .addSubcommand(new AgentListCommand(context))
        .addSubcommand(new AgentShowCommand(context))
        .addSubcommand(new AgentAttachCommand(context))
        .addSubcommand(new AgentExecCommand(context))
        .addSubcommand(new AgentLogsCommand(context))
        .addSubcommand(new AgentHibernateCommand(context))
        .addSubcommand(new AgentWakeCommand(context))
        .addSubcommand(new AgentKillCommand(context))
        .addSubcommand(new AgentSnapshotCommand(context))
        .addSubcommand(new AgentForkCommand(context))
        .addSubcommand(new AgentCopyCommand(context))
        .addSubcommand(new AgentMemoryCommand(context));
  }
}
