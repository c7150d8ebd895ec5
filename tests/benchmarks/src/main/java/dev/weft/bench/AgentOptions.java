package dev.weft.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** Which parts of agents are measured, and how long. */
final class AgentOptions {

  @Option(
      names = "--agent-parts",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "spawn,echo,wake,idle,output,loss",
      description = "which parts of agents (default: ${DEFAULT-VALUE})")
  List<String> parts = List.of();

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "2000",
      description = "keys of each run of the echo (default: ${DEFAULT-VALUE})")
  int keys;

  @Option(
      names = "--key-rate",
      paramLabel = "N",
      defaultValue = "20",
      description = "keys per second (default: ${DEFAULT-VALUE})")
  int keyRate;

  @Option(
      names = "--spawns",
      paramLabel = "N",
      defaultValue = "20",
      description = "how many agents are spawned, one after the other (default: ${DEFAULT-VALUE})")
  int spawns;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "1000",
      description = "idle sessions at one gateway (default: ${DEFAULT-VALUE})")
  int sessions;

  @Option(
      names = "--writing",
      paramLabel = "N",
      defaultValue = "100",
      description = "sessions whose commands write at a fixed rate (default: ${DEFAULT-VALUE})")
  int writing;

  @Option(
      names = "--session-seconds",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "how long sessions are idle, or write at a fixed rate (default: ${DEFAULT-VALUE})")
  int sessionSeconds;

  @Option(
      names = "--session-bytes",
      paramLabel = "N",
      defaultValue = "400000000",
      description = "what commands write at full speed, all together (default: ${DEFAULT-VALUE})")
  long sessionBytes;
}
