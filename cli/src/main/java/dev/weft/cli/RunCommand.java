package dev.weft.cli;

import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.TaskEvent;
import dev.weft.cli.client.TaskFollower;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.client.UnreachableException;
import java.io.PrintStream;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Runs a command on the best worker, prints its output and ends with its exit code.",
      "Ctrl-C cancels it. Of weft's own: 124 time limit, 125 no result, 127 no such command, 130 cancelled."
    })
final class RunCommand implements Callable<Integer> {
  private static final int NO_RETRIES = 0;

  @Mixin final GlobalOptions global;
  @Mixin final SpecOptions spec = new SpecOptions();

  @Option(
      names = {"-v", "--verbose"},
      description = "tell on stderr where it is")
  boolean verbose;

  RunCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    PrintStream err = global.context().err();
    try {
      MeshApi api = global.api();
      var taskSpec = spec.toSpec(global.context().in(), NO_RETRIES);
      TaskView task = new TaskView(api.submit(taskSpec, UUID.randomUUID().toString()));
      tell("task " + task.id());
      TaskView ended;
      try (CancelAtExit _ = new CancelAtExit(api, task.id())) {
        ended = new TaskFollower(api).follow(task.id(), this::tellChange);
      }
      return print(ended);
    } catch (ApiException | UnreachableException | CliException e) {
      err.println("weft: " + e.getMessage());
      return ExitCodes.RUN_BROKEN;
    }
  }

  private void tellChange(TaskEvent event) {
    String where = event.workerId().isEmpty() ? "" : " on " + event.workerId();
    String why = event.reason().isEmpty() ? "" : " (" + event.reason() + ")";
    String attempt = event.attempt() == 0 ? "" : " attempt " + event.attempt();
    tell(event.state() + attempt + where + why);
  }

  private void tell(String text) {
    if (verbose) {
      global.context().err().println("weft: " + text);
    }
  }

  private int print(TaskView task) {
    PrintStream out = global.context().out();
    PrintStream err = global.context().err();
    if (global.json()) {
      global.printJson(task.json());
    } else {
      out.writeBytes(task.stdout());
      out.flush();
      err.writeBytes(task.stderr());
    }
    if (task.outputTruncated()) {
      err.println(
          "weft: output truncated: kept %d of %d bytes"
              .formatted(task.stdout().length + task.stderr().length, task.outputBytes()));
    }
    if (!task.problemReason().isEmpty() && !task.problemReason().equals("EXIT_NONZERO")) {
      err.println("weft: " + task.problemReason() + ": " + task.problemMessage());
    }
    err.flush();
    return RunOutcome.exitCode(task);
  }
}
