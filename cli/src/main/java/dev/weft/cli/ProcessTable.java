package dev.weft.cli;

import dev.weft.cli.local.ProcessMemory;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.Table;
import dev.weft.parts.RunFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The local mesh's processes for people. */
final class ProcessTable {
  private ProcessTable() {}

  static Table of(List<RunFile> files) {
    Table table = new Table("PROCESS", "STATE", "PID", "MEMORY", "PORTS");
    for (RunFile file : files) {
      boolean runs = file.isRunning();
      table.row(
          file.name(),
          runs ? "running" : "ended",
          file.stamp().pid(),
          runs ? Amounts.size(ProcessMemory.of(file)) : "",
          ports(file.ports()));
    }
    return table;
  }

  private static String ports(Map<String, Integer> ports) {
    return ports.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(port -> port.getKey() + " " + port.getValue())
        .collect(Collectors.joining(", "));
  }
}
