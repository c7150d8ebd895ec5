package dev.weft.router.domain.outlier;

import dev.weft.router.domain.task.WorkerId;

/**
 * An attempt that has ended.
 *
 * @param fence the attempt's, which no other has
 * @param shape of its task's requirements
 * @param keyed its task's key chose the worker, so others had no such work to compare with
 * @param leasedAt on the monotonic clock; 0 when another placer leased it
 * @param endedAt on the monotonic clock
 */
public record Ended(
    WorkerId worker,
    long fence,
    String executor,
    int shape,
    boolean keyed,
    Evidence evidence,
    long leasedAt,
    long endedAt) {

  double millis() {
    return leasedAt == 0 ? 0 : (endedAt - leasedAt) / 1e6;
  }

  Evidence.Mark in(Scope scope) {
    return keyed && !scope.ofWorker() ? Evidence.Mark.NONE : evidence.in(scope);
  }
}
