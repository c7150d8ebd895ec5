package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weft.cli.client.FleetApi;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.Table;
import java.math.BigDecimal;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "workers",
    description = "Lists the workers with their state, load and skills, or shows how they are.")
final class WorkersCommand implements Callable<Integer> {
  private static final int MICROS_DIGITS = 6;

  @Mixin final GlobalOptions global;

  @Parameters(
      paramLabel = "WORKER",
      arity = "0..1",
      description = "name or wkr_…: how this one is, layer by layer")
  @Nullable String worker;

  @Option(names = "--layers", description = "how each of them is, layer by layer")
  boolean layers;

  WorkersCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (worker != null || layers) {
      return global.ask(this::printHealth);
    }
    List<JsonNode> workers = global.ask(api -> new FleetApi(api).workers());
    if (global.json()) {
      ArrayNode array = MeshApi.JSON.createArrayNode();
      workers.forEach(array::add);
      global.printJson(array);
    } else {
      global.print(table(workers).render());
    }
    return ExitCodes.OK;
  }

  private int printHealth(MeshApi api) {
    FleetApi fleet = new FleetApi(api);
    List<JsonNode> workers = fleet.workers();
    List<String> asked =
        worker == null
            ? workers.stream().map(each -> each.path("id").asText()).toList()
            : List.of(worker);
    List<JsonNode> pages = asked.stream().map(fleet::health).toList();
    if (global.json()) {
      ArrayNode array = MeshApi.JSON.createArrayNode();
      pages.forEach(array::add);
      global.printJson(array);
    } else {
      global.print(HealthText.table(pages, WorkerNames.of(workers)).render());
    }
    return ExitCodes.OK;
  }

  static Table table(List<JsonNode> workers) {
    Table table =
        new Table(
            "WORKER",
            "STATE",
            "KIND",
            "REGION",
            "QUEUES",
            "SLOTS",
            "PRICE/H",
            "SANDBOX",
            "CAPABILITIES");
    for (JsonNode worker : workers) {
      JsonNode profile = worker.path("profile");
      JsonNode load = worker.path("load");
      table.row(
          profile.path("name").asText(""),
          worker.path("state").asText("").replaceFirst("^WORKER_STATE_", ""),
          profile.path("kind").asText(""),
          profile.path("location").path("region").asText(""),
          queues(profile.path("queues")),
          load.path("slotsUsed").asInt() + "/" + load.path("slotsTotal").asInt(),
          price(profile.path("price")),
          profile.path("sandboxLevel").asText("").replaceFirst("^SANDBOX_LEVEL_", ""),
          capabilities(profile.path("capabilities")));
    }
    return table;
  }

  /** Empty when no price is known. */
  private static String price(JsonNode price) {
    String currency = price.path("currencyCode").asText("");
    if (currency.isEmpty()) {
      return "";
    }
    BigDecimal amount = BigDecimal.valueOf(price.path("microsPerHour").asLong(), MICROS_DIGITS);
    return amount.stripTrailingZeros().toPlainString() + " " + currency;
  }

  /** A worker that names no queue serves the default one. */
  private static String queues(JsonNode queues) {
    StringJoiner text = new StringJoiner(" ");
    queues.forEach(queue -> text.add(queue.asText("")));
    return queues.isEmpty() ? "default" : text.toString();
  }

  private static String capabilities(JsonNode capabilities) {
    StringJoiner text = new StringJoiner(" ");
    for (JsonNode capability : capabilities) {
      BigDecimal proficiency = capability.path("proficiency").decimalValue();
      text.add(
          capability.path("name").asText("")
              + ":"
              + proficiency.stripTrailingZeros().toPlainString());
    }
    return text.toString();
  }
}
