package dev.weft.cli;

import dev.weft.cli.local.HomeDirectory;
import dev.weft.cli.local.LocalMesh;
import dev.weft.parts.RunFile;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "local",
    description = {
      "Single processes of the local mesh, to see what happens when one dies.",
      "  list         what was started, and whether it runs",
      "  kill NAME    SIGKILL to it and its children",
      "  start NAME   starts it again exactly as before"
    })
final class LocalCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  @Parameters(index = "0", paramLabel = "ACTION", description = "list, kill or start")
  String action = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "for example router-0")
  @Nullable String name;

  LocalCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    HomeDirectory home = new HomeDirectory(global.home());
    LocalMesh mesh = UpCommand.mesh(global, home);
    switch (action) {
      case "list" -> global.print(ProcessTable.of(RunFile.all(home.run())).render());
      case "kill" -> {
        String victim = requireName();
        global.print(victim + (mesh.kill(victim) ? " killed\n" : " had ended already\n"));
      }
      case "start" -> global.print(mesh.start(requireName()) + " started\n");
      default ->
          throw new IllegalArgumentException(
              "action: " + action + " (expected: list, kill or start)");
    }
    return ExitCodes.OK;
  }

  private String requireName() {
    if (name == null) {
      throw new IllegalArgumentException("name: none (expected: a process, see weft local list)");
    }
    return name;
  }
}
