package dev.weft.cli;

import dev.weft.cli.client.MeshApi;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  VersionCommand(Context context) {
    global = new GlobalOptions(context);
  }

  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public Integer call() {
    String java = Runtime.version().toString();
    if (global.json()) {
      global.printJson(MeshApi.JSON.createObjectNode().put("weft", version()).put("java", java));
    } else {
      global.print("weft " + version() + " (Java " + java + ")\n");
    }
    return ExitCodes.OK;
  }
}
