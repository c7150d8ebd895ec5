package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a worker a task takes, and may not exceed. */
final class ResourceOptions {
  private static final int MOST_CORES = 1_000_000;

  @Option(names = "--cpu", paramLabel = "CORES", description = "processor share, for example 0.5")
  @Nullable Double cpu;

  @Option(names = "--memory", paramLabel = "SIZE", description = "memory, for example 512M")
  @Nullable String memory;

  @Option(
      names = "--disk",
      paramLabel = "SIZE",
      description = "workspace, with what the command writes there, for example 2G")
  @Nullable String disk;

  void addTo(ObjectNode spec) {
    ObjectNode resources = MeshApi.JSON.createObjectNode();
    if (cpu != null) {
      if (!(cpu > 0 && cpu <= MOST_CORES)) {
        throw new OptionFault("--cpu", cpu.toString(), "more than 0, at most " + MOST_CORES);
      }
      resources.put("cpuMilli", Math.round(cpu * 1000));
    }
    if (memory != null) {
      resources.put("memoryBytes", Long.toString(Amounts.bytes("--memory", memory)));
    }
    if (disk != null) {
      resources.put("diskBytes", Long.toString(Amounts.bytes("--disk", disk)));
    }
    if (!resources.isEmpty()) {
      spec.set("resources", resources);
    }
  }
}
