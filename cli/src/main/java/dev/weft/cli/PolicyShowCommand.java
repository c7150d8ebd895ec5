package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.PolicyApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows the policy in force, or an older version.")
final class PolicyShowCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "this version (default: the one in force)")
  int version;

  PolicyShowCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    if (version < 0) {
      throw new IllegalArgumentException("VERSION: " + version + " (expected: 1 or more)");
    }
    JsonNode policy =
        global.ask(
            api ->
                version == 0 ? new PolicyApi(api).inForce() : new PolicyApi(api).version(version));
    if (global.json()) {
      global.printJson(policy);
    } else {
      global.print(PolicyText.render(policy));
    }
    return ExitCodes.OK;
  }
}
