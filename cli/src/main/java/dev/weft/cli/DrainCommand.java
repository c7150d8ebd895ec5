package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.FleetApi;
import dev.weft.cli.output.Amounts;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drain",
    description = "Takes a worker out of use: no new work; what runs may end within the grace.")
final class DrainCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "WORKER", description = "name or wkr_…")
  String worker = "";

  @Option(
      names = "--grace",
      paramLabel = "T",
      description = "how long running work may go on (default: 2m)")
  @Nullable String grace;

  DrainCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    Optional<String> duration =
        Optional.ofNullable(grace)
            .map(text -> Amounts.duration("--grace", text))
            .map(Amounts::protoJson);
    JsonNode drained = global.ask(api -> new FleetApi(api).drain(worker, duration));
    if (global.json()) {
      global.printJson(drained);
    } else {
      global.print(
          worker
              + " "
              + drained.path("state").asText("").replaceFirst("^WORKER_STATE_", "")
              + "\n");
    }
    return ExitCodes.OK;
  }
}
