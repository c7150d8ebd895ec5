package dev.weft.gateway.forward;

import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.workers.v1.Worker;

/** What public answers leave out of what placer and registry say. */
final class Withheld {

  private Withheld() {}

  /** A worker without its tasks: they may be other tenants'. */
  static Worker tasks(Worker worker) {
    if (worker.getLoad().getRunningTaskIdsCount() == 0) {
      return worker;
    }
    Worker.Builder shown = worker.toBuilder();
    shown.getLoadBuilder().clearRunningTaskIds();
    return shown.build();
  }

  /**
   * A task without what its submitter has just sent: a batch's answer would hold all of it again.
   */
  static Task payloads(Task task) {
    TaskSpec spec = task.getSpec();
    return switch (spec.getExecutorCase()) {
      case SHELL -> {
        ShellExecutor.Builder shell = spec.getShell().toBuilder().clearStdin().clearFiles();
        yield task.toBuilder().setSpec(spec.toBuilder().setShell(shell)).build();
      }
      case NOOP -> {
        var noop = spec.getNoop().toBuilder().clearPayload();
        yield task.toBuilder().setSpec(spec.toBuilder().setNoop(noop)).build();
      }
      case EXECUTOR_NOT_SET -> task;
    };
  }
}
