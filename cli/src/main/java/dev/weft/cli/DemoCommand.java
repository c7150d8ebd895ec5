package dev.weft.cli;

import dev.weft.cli.demo.DemoRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "demo",
    description = {
      "Starts a mesh of its own, runs commands and an example project's tests, kills the worker that runs them,",
      "checks every claim, ends it.",
      "Ends with 0 only if all of it truly happened."
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin final GlobalOptions global;

  DemoCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    Context context = global.context();
    boolean good =
        new DemoRun(context.root(), context.environment(), context.out())
            .play(global.home().resolve("demo"));
    return good ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
