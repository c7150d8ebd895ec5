package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.FleetApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "resize",
    description = {
      "Sets how many workers a pool should have; the mesh starts the missing ones at once.",
      "A surplus worker gets no more work and ends when what it runs has ended, or been moved."
    })
final class PoolsResizeCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(index = "0", paramLabel = "NAME", description = "for example sandbox")
  String name = "";

  @Parameters(index = "1", paramLabel = "N", description = "how many")
  int desired;

  PoolsResizeCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (desired < 0) {
      throw new IllegalArgumentException("N: " + desired + " (expected: 0 or more)");
    }
    JsonNode pool = global.ask(api -> new FleetApi(api).resizePool(name, desired));
    if (global.json()) {
      global.printJson(pool);
    } else {
      global.print(name + ": " + pool.path("desired").asInt() + " desired\n");
    }
    return ExitCodes.OK;
  }
}
