package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.LimitApi;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "limits",
    description = {
      "Shows what your tenant may have at once, and what it has: CPU, memory, disk and slots,",
      "and what it may use over time: tokens of models, bytes of disk and network.",
      "The limit of a class is for its work and that of all classes below together."
    })
final class LimitsCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Option(names = "--all-tenants", description = "every tenant's; needs mesh.admin")
  boolean allTenants;

  private LimitsCommand(Context context) {
    global = new GlobalOptions(context);
  }

  static CommandLine line(Context context) {
    return new CommandLine(new LimitsCommand(context))
        .addSubcommand(new LimitsSetCommand(context))
        .addSubcommand(new LimitsRemoveCommand(context));
  }

  @Override
  public Integer call() {
    JsonNode answer = global.ask(api -> new LimitApi(api).list(allTenants));
    if (global.json()) {
      global.printJson(answer);
    } else {
      global.print(LimitText.of(answer));
    }
    return ExitCodes.OK;
  }
}
