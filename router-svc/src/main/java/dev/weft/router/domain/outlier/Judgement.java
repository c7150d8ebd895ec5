package dev.weft.router.domain.outlier;

import dev.weft.router.domain.outlier.Counts.Stats;
import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.task.WorkerId;
import org.jspecify.annotations.Nullable;

/** Compares a worker's window with the others'. */
final class Judgement {

  /** Of a share that was never seen it is not known that it is 0. */
  private static final double LEAST_SHARE = 0.05;

  private final OutlierPolicy policy;

  Judgement(OutlierPolicy policy) {
    this.policy = policy;
  }

  @Nullable Suspicion ofWorker(WorkerId worker, Scope scope, Stats own, Stats others) {
    OutlierPolicy.Sample sample = policy.sample();
    boolean comparable = others.attempts() >= sample.worker();
    int needed = comparable ? sample.worker() : 2 * sample.worker();
    if (own.attempts() < needed || own.failureShare() < policy.bars().ownFaults()) {
      return null;
    }
    if (comparable && own.failureShare() - others.failureShare() < policy.bars().gap()) {
      return null;
    }
    return new Suspicion(
        worker,
        scope,
        Cause.OWN_FAULTS,
        "%s of attempts failed by the worker's own fault (others: %s)"
            .formatted(percent(own), percent(others)));
  }

  @Nullable Suspicion ofErrors(WorkerId worker, Scope scope, Stats own, Stats others) {
    if (own.attempts() < policy.sample().work() || others.attempts() < policy.sample().others()) {
      return null;
    }
    double gap = own.failureShare() - others.failureShare();
    double usual = Math.clamp(others.failureShare(), LEAST_SHARE, 1 - LEAST_SHARE);
    double error = Math.sqrt(usual * (1 - usual) * (1 / own.attempts() + 1 / others.attempts()));
    if (gap < policy.bars().gap() || gap < policy.bars().sigmas() * error) {
      return null;
    }
    return new Suspicion(
        worker,
        scope,
        Cause.ERRORS,
        "%s of attempts failed (others: %s)".formatted(percent(own), percent(others)));
  }

  /** By geometric means: one long answer does not make a worker slow. */
  @Nullable Suspicion ofLatency(WorkerId worker, Scope scope, Stats own, Stats others) {
    if (own.answers() < policy.sample().work() || others.answers() < policy.sample().others()) {
      return null;
    }
    OutlierPolicy.Bars bars = policy.bars();
    double gap = own.meanLog() - others.meanLog();
    double spread = Math.max(own.varianceOfLog(), others.varianceOfLog());
    double error = Math.sqrt(spread * (1 / own.answers() + 1 / others.answers()));
    double mine = Math.exp(own.meanLog());
    double theirs = Math.exp(others.meanLog());
    if (gap < Math.log(bars.slower())
        || gap < bars.sigmas() * error
        || mine - theirs < bars.slowest().toMillis()) {
      return null;
    }
    return new Suspicion(
        worker,
        scope,
        Cause.LATENCY,
        "%.0f times the others' time to an answer".formatted(mine / theirs));
  }

  /** Whether one answer alone took as long as a slow worker's do. */
  boolean slow(double millis, Stats others) {
    double theirs = Math.exp(others.meanLog());
    return others.answers() > 0.5
        && millis >= policy.bars().slower() * theirs
        && millis - theirs >= policy.bars().slowest().toMillis();
  }

  /** How much of it failed; how much there was is nobody's business. */
  private static String percent(Stats of) {
    return "%.0f%%".formatted(100 * of.failureShare());
  }
}
