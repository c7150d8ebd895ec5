package dev.weft.worker.grpc;

import dev.weft.worker.app.Executor;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.EndReason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Commands that run until they are ended. */
final class LongExecutor implements Executor {

  private final List<EndReason> ends = new CopyOnWriteArrayList<>();

  @Override
  public String kind() {
    return "shell";
  }

  @Override
  public Execution start(Assignment assignment, Listener listener) {
    listener.started(assignment.key());
    return reason -> {
      ends.add(reason);
      listener.ended(
          AttemptResult.failed(assignment.key(), reason.failure(), AttemptResult.Report.EMPTY));
    };
  }

  List<EndReason> ends() {
    return ends;
  }
}
