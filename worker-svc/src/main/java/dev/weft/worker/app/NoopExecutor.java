package dev.weft.worker.app;

import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.Work;

/** Does nothing, at once, on the caller's thread. */
public final class NoopExecutor implements Executor {

  @Override
  public String kind() {
    return Work.Noop.KIND;
  }

  @Override
  public Execution start(Assignment assignment, Listener listener) {
    listener.ended(AttemptResult.succeeded(assignment.key(), AttemptResult.Report.EMPTY));
    return reason -> {};
  }
}
