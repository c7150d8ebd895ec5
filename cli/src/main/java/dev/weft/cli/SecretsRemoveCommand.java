package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.SecretApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description = "Deletes a secret; a task that still asks for it fails with SECRET_NOT_FOUND.")
final class SecretsRemoveCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(paramLabel = "NAME", description = "see weft secrets list")
  String name = "";

  SecretsRemoveCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    global.ask(api -> new SecretApi(api).remove(name));
    if (global.json()) {
      global.printJson(MeshApi.JSON.createObjectNode().put("deleted", name));
    }
    return ExitCodes.OK;
  }
}
