package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.LimitApi;
import dev.weft.cli.output.OptionFault;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "set",
    description = {
      "Sets a tenant's tier, by which it may have so much at once,",
      "and use so much over time; needs mesh.admin.",
      "What runs goes on and counts; what does not fit waits, and weft why says so."
    })
final class LimitsSetCommand implements Callable<Integer> {
  private static final List<String> TIERS = List.of("free", "basic", "premium", "enterprise");
  private static final int MOST_INSTANCES = 10_000;

  @Mixin final GlobalOptions global;

  @Parameters(index = "0", paramLabel = "TENANT", description = "whose")
  String tenant = "";

  @Parameters(
      index = "1",
      paramLabel = "TIER",
      description = "free (half of basic), basic, premium (twice) or enterprise (four times)")
  String tier = "";

  @Option(
      names = "--instances",
      paramLabel = "N",
      description =
          "for how many instances, each of 2 cores, 4 GiB of memory, 10 GiB of disk and 16 slots"
              + " (default: 1)")
  int instances = 1;

  LimitsSetCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (!TIERS.contains(tier)) {
      throw new OptionFault("TIER", tier, "one of " + String.join(", ", TIERS));
    }
    if (instances < 1 || instances > MOST_INSTANCES) {
      throw new OptionFault("--instances", Integer.toString(instances), "1.." + MOST_INSTANCES);
    }
    String wire = "TIER_" + tier.toUpperCase(Locale.ROOT);
    JsonNode limits = global.ask(api -> new LimitApi(api).set(tenant, wire, instances));
    if (global.json()) {
      global.printJson(limits);
    } else {
      global.print(LimitText.table(limits));
    }
    return ExitCodes.OK;
  }
}
