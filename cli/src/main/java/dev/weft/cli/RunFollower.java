package dev.weft.cli;

import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.client.OutputFollower;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.client.TaskEvent;
import dev.weft.cli.client.TaskFollower;
import dev.weft.cli.client.TaskView;
import dev.weft.cli.client.UnreachableException;
import java.util.function.Consumer;

/**
 * Follows a running task: its output live, its changes if somebody wants them, to its end. That the
 * output can't be read for a while does not end it, since the task goes on without its readers.
 */
final class RunFollower {
  private final MeshApi api;
  private final RpcDoor door;
  private final Context context;
  private final boolean quiet;

  RunFollower(MeshApi api, RpcDoor door, Context context, boolean quiet) {
    this.api = api;
    this.door = door;
    this.context = context;
    this.quiet = quiet;
  }

  /** Prints nothing. */
  TaskView follow(String taskId, Consumer<TaskEvent> onChange) {
    return new TaskFollower(api).follow(taskId, onChange);
  }

  /** Prints the output as it comes. */
  TaskView print(String taskId) {
    OutputFollower output =
        new OutputFollower(
            door, taskId, new TerminalSink(context, TerminalSink.Streams.BOTH, quiet));
    try {
      output.read(true);
      TaskView task = new TaskView(api.task(taskId));
      return task.isTerminal() ? task : follow(taskId, _ -> {});
    } catch (ApiException | UnreachableException e) {
      return printLate(taskId, output);
    }
  }

  /** The end is waited for; then the output has another chance. */
  private TaskView printLate(String taskId, OutputFollower output) {
    TaskView task = follow(taskId, _ -> {});
    if (!task.outputLogged()) {
      if (!output.hasBegun()) {
        printResult(task);
      }
      return task;
    }
    try {
      output.read(true);
      return task;
    } catch (ApiException | UnreachableException e) {
      throw new CliException(
          ExitCodes.RUN_BROKEN,
          "it ended %s with exit code %d, but its output can't be read: %s (later: weft logs %s)"
              .formatted(task.state(), task.exitCode(), e.getMessage(), taskId));
    }
  }

  private void printResult(TaskView task) {
    context.out().writeBytes(task.stdout());
    context.out().flush();
    context.err().writeBytes(task.stderr());
    context.err().flush();
  }
}
