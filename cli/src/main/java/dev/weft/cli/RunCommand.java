package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.client.TaskEvent;
import dev.weft.cli.client.TaskFollower;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.client.UnreachableException;
import dev.weft.cli.tree.ChangedWhilePackedException;
import dev.weft.cli.tree.TreeException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Runs a command on the best worker, in a copy of a directory if one is given; prints its output as it",
      "comes and ends with its exit code. Ctrl-C cancels it and waits for its end; a second one leaves at once.",
      "Of weft's own: 124 time limit, 125 no result or not all of it, 127 no such command, 130 cancelled."
    })
final class RunCommand implements Callable<Integer> {
  private static final int NO_RETRIES = 0;

  @Mixin final GlobalOptions global;
  @Mixin final Workspace workspace = new Workspace();
  @Mixin final SpecOptions spec = new SpecOptions();

  @Option(
      names = {"-v", "--verbose"},
      description = "tell on stderr where it is, and its trace")
  boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "nothing on stderr but the command's own output and what goes wrong")
  boolean quiet;

  RunCommand(Context context) {
    global = new GlobalOptions(context);
  }

  @Override
  public Integer call() {
    PrintStream err = global.context().err();
    if (quiet) {
      global.waitSilently();
    }
    try (RpcDoor door = global.door();
        MeshApi api = global.api()) {
      door.prepare();
      return run(api, door);
    } catch (ApiException
        | UnreachableException
        | CliException
        | TreeException
        | ChangedWhilePackedException
        | UncheckedIOException e) {
      err.println("weft: " + Weft.told(e));
      return ExitCodes.RUN_BROKEN;
    }
  }

  private int run(MeshApi api, RpcDoor door) {
    StopSignals signals = StopSignals.listen(api, global.context());
    tell("trace " + global.trace().id());
    ObjectNode taskSpec = spec.toSpec(global.context(), NO_RETRIES);
    workspace.check();
    workspace.prepare(taskSpec, global, door, quiet);
    String taskId = submitted(api, door, signals, taskSpec);
    tell("task " + taskId);
    return finish(follow(api, door, taskId), door);
  }

  /** A directory that was sent before is sent once more if the mesh has let go of it. */
  private String submitted(MeshApi api, RpcDoor door, StopSignals signals, ObjectNode taskSpec) {
    try {
      return submit(api, signals, taskSpec);
    } catch (ApiException e) {
      signals.refused();
      if (!workspace.forgetIfGone(e, global)) {
        throw e;
      }
      workspace.prepare(taskSpec, global, door, quiet);
      return submit(api, signals, taskSpec);
    }
  }

  private static String submit(MeshApi api, StopSignals signals, ObjectNode taskSpec) {
    signals.submitting();
    String taskId = new TaskView(api.submit(taskSpec, UUID.randomUUID().toString())).id();
    signals.submitted(taskId);
    return taskId;
  }

  private TaskView follow(MeshApi api, RpcDoor door, String taskId) {
    RunFollower follower = new RunFollower(api, door, global.context(), quiet);
    if (global.json()) {
      return follower.follow(taskId, this::tellChange);
    }
    Thread changes =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    new TaskFollower(api).follow(taskId, this::tellChange);
                  } catch (ApiException | UnreachableException e) {
                    tell("changes can't be followed: " + e.getMessage());
                  }
                });
    if (verbose) {
      changes.start();
    }
    try {
      TaskView task = follower.print(taskId);
      if (verbose) {
        changes.join();
      }
      return task;
    } catch (TerminalSink.ReaderGone e) {
      api.cancel(taskId);
      throw new CliException(ExitCodes.RUN_BROKEN, "nobody reads its output any more: cancelled");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCodes.RUN_BROKEN, "interrupted");
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

  private int finish(TaskView task, RpcDoor door) {
    PrintStream err = global.context().err();
    if (global.json()) {
      global.printJson(task.json());
    }
    if (task.outputTruncated()) {
      err.println(
          "weft: output truncated: kept %d of %d bytes"
              .formatted(task.stdout().length + task.stderr().length, task.outputBytes()));
    }
    if (!task.problemReason().isEmpty() && !task.problemReason().equals("EXIT_NONZERO")) {
      err.println("weft: " + task.problemReason() + ": " + task.problemMessage());
    }
    boolean complete = workspace.finish(task, global, door, quiet);
    err.flush();
    int code = RunOutcome.exitCode(task);
    return complete || code != ExitCodes.OK ? code : ExitCodes.RUN_BROKEN;
  }
}
