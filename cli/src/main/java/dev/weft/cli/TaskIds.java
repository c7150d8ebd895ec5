package dev.weft.cli;

import dev.weft.cli.output.OptionFault;

/** Ids of tasks as they are typed. */
final class TaskIds {
  private TaskIds() {}

  /** What has no id can't be asked for; whether there is such a task is the mesh's to say. */
  static void require(String taskId) {
    if (taskId.isBlank()) {
      throw new OptionFault("task", taskId, "tsk_ and 26 characters");
    }
  }
}
