package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.ProcessMemory;
import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.Table;
import dev.weft.parts.RunFile;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = "Shows the mesh as a gateway sees it, and the processes of a local one.")
final class StatusCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  StatusCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    HomeDirectory home = new HomeDirectory(global.home());
    List<RunFile> processes = RunFile.all(home.run());
    if (!processes.isEmpty() && !global.json()) {
      global.print(ProcessTable.of(processes).render());
      long memory = memory(processes);
      global.print("memory of all: " + Amounts.size(memory) + "\n\n");
    }
    JsonNode status = global.ask(MeshApi::status);
    if (global.json()) {
      printJson(processes, status);
    } else {
      global.print(mesh(status));
    }
    return ExitCodes.OK;
  }

  private static long memory(List<RunFile> processes) {
    return processes.stream().filter(RunFile::isRunning).mapToLong(ProcessMemory::of).sum();
  }

  private void printJson(List<RunFile> processes, JsonNode status) {
    ObjectNode json = MeshApi.JSON.createObjectNode();
    json.set("mesh", status);
    var array = json.putArray("processes");
    for (RunFile file : processes) {
      boolean runs = file.isRunning();
      ObjectNode process =
          array
              .addObject()
              .put("name", file.name())
              .put("role", file.role())
              .put("pid", file.stamp().pid())
              .put("running", runs)
              .put("pssBytes", runs ? ProcessMemory.of(file) : 0);
      ObjectNode ports = process.putObject("ports");
      file.ports().forEach(ports::put);
    }
    global.printJson(json);
  }

  private static String mesh(JsonNode status) {
    Table table = new Table("ROLE", "AVAILABLE", "HOLDER", "ADDRESSES");
    for (JsonNode role : status.path("roles")) {
      StringJoiner addresses = new StringJoiner(", ");
      role.path("addresses").forEach(address -> addresses.add(address.asText()));
      table.row(
          role.path("role").asText(""),
          role.path("available").asBoolean() ? "yes" : "no",
          role.path("holder").asText(""),
          addresses);
    }
    JsonNode fleet = status.path("fleet");
    return table.render()
        + "workers: %d ready, %d unhealthy, %d draining, %d drained, %d offline; slots %d of %d in use%n"
            .formatted(
                fleet.path("ready").asInt(),
                fleet.path("unhealthy").asInt(),
                fleet.path("draining").asInt(),
                fleet.path("drained").asInt(),
                fleet.path("offline").asInt(),
                fleet.path("slotsUsed").asInt(),
                fleet.path("slotsTotal").asInt());
  }
}
