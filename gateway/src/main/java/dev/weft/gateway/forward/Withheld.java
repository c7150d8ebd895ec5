package dev.weft.gateway.forward;

import dev.weft.proto.tasks.v1.ShellExecutor;
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

  /** A spec without its payload. */
  static TaskSpec payloads(TaskSpec spec) {
    return switch (spec.getExecutorCase()) {
      case SHELL -> {
        ShellExecutor.Builder shell = spec.getShell().toBuilder().clearStdin().clearFiles();
        yield spec.toBuilder().setShell(shell).build();
      }
      case NOOP -> spec.toBuilder().setNoop(spec.getNoop().toBuilder().clearPayload()).build();
      case AGENT, EXECUTOR_NOT_SET -> spec;
    };
  }
}
