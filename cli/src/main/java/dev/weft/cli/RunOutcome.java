package dev.weft.cli;

import dev.weft.cli.client.TaskView;

/** The exit code that {@code run} passes on. */
final class RunOutcome {
  private RunOutcome() {}

  static int exitCode(TaskView task) {
    return switch (task.state()) {
      case "SUCCEEDED" -> task.exitCode();
      case "CANCELLED" -> ExitCodes.RUN_CANCELLED;
      case "FAILED" -> failed(task);
      default -> ExitCodes.RUN_BROKEN;
    };
  }

  private static int failed(TaskView task) {
    return switch (task.problemReason()) {
      case "WALL_TIME_LIMIT" -> ExitCodes.RUN_TIMEOUT;
      case "COMMAND_NOT_FOUND" -> ExitCodes.RUN_COMMAND_NOT_FOUND;
      default -> task.hasResult() && task.exitCode() != 0 ? task.exitCode() : ExitCodes.RUN_BROKEN;
    };
  }
}
