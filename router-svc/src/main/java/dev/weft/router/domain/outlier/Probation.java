package dev.weft.router.domain.outlier;

import dev.weft.router.domain.outlier.Counts.Stats;
import dev.weft.router.domain.outlier.Evidence.Mark;
import dev.weft.router.domain.outlier.Suspicion.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a worker shows that is back. One own fault puts it out again; of other ends it takes
 * a share of all that it has to show, as much larger than the others' as for any ejection.
 */
final class Probation {

  private final OutlierPolicy policy;
  private final Judgement judgement;

  Probation(OutlierPolicy policy, Judgement judgement) {
    this.policy = policy;
    this.judgement = judgement;
  }

  /** Null when it is cleared, or has more to show. */
  @Nullable Suspicion ended(Standing standing, Ended end, Mark mark, Stats others) {
    Suspicion before = standing.ejection.suspicion();
    boolean ofLatency = before.cause() == Cause.LATENCY;
    if (mark == Mark.BAD || (ofLatency && judgement.slow(end.millis(), others))) {
      standing.bad++;
    } else {
      standing.good++;
    }
    if (standing.bad > 0 && before.scope().ofWorker()) {
      standing.begin();
      return before.again("it failed by its own fault on probation");
    }
    int shown = standing.good + standing.bad;
    if (shown < policy.terms().probation()) {
      return null;
    }
    double share = (double) standing.bad / shown;
    double usual = ofLatency ? 0 : others.failureShare();
    standing.begin();
    if (share - usual >= policy.bars().gap()) {
      return before.again("on probation its attempts ended as before");
    }
    standing.probing = false;
    return null;
  }
}
