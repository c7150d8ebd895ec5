package dev.weft.cli;

import dev.weft.cli.output.FishCompletion;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Prints a shell's completion script. For example: source <(weft completion bash)",
      "zsh: the same; fish: weft completion fish | source"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Context context;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
  String shell = "";

  CompletionCommand(Context context) {
    this.context = context;
    this.spec = CommandSpec.create(); // The parser puts the real one here.
  }

  @Override
  public Integer call() {
    CommandLine weft = spec.root().commandLine();
    String script =
        switch (shell) {
          case "bash", "zsh" -> AutoComplete.bash("weft", weft);
          case "fish" -> FishCompletion.script("weft", weft);
          default ->
              throw new IllegalArgumentException(
                  "shell: " + shell + " (expected: bash, zsh or fish)");
        };
    context.out().print(script);
    context.out().flush();
    return ExitCodes.OK;
  }
}
