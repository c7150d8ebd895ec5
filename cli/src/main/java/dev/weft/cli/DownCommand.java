package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.local.HomeDirectory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "down", description = "Ends the local mesh, also what a crash left; its data stay.")
final class DownCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  DownCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    HomeDirectory home = new HomeDirectory(global.home());
    List<String> stopped = UpCommand.mesh(global, home).down();
    if (global.json()) {
      ObjectNode json = MeshApi.JSON.createObjectNode();
      stopped.forEach(json.putArray("stopped")::add);
      global.printJson(json);
    } else {
      global.print(
          stopped.isEmpty()
              ? "nothing ran in " + home.root() + "\n"
              : "stopped: " + String.join(", ", stopped) + "\n");
    }
    return ExitCodes.OK;
  }
}
