package dev.weft.router.app;

import dev.weft.router.domain.cell.Effect;
import dev.weft.router.domain.cell.WorkerLink;
import dev.weft.router.domain.outlier.Ejection;
import dev.weft.router.domain.outlier.Suspicion;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** Tells the outside what has become durable, or that it will not. */
final class EffectRelease {

  private static final Logger LOG = Logger.getLogger(EffectRelease.class);

  private EffectRelease() {}

  /**
   * @param commit the commit on which the effects rest; 0 for those that rest on none
   */
  static void release(List<Effect> effects, long commit, Instant commitTime) {
    if (effects.isEmpty()) {
      return;
    }
    Set<WorkerLink> told = new HashSet<>();
    for (Effect effect : effects) {
      try {
        release(effect, commit, commitTime);
      } catch (RuntimeException e) {
        untaken(e, commit);
      }
      if (effect instanceof Effect.ToWorker it) {
        told.add(it.link());
      }
    }
    // All that a commit has for a worker goes as one: a message costs both sides more than what
    // it holds.
    told.forEach(link -> flush(link, commit));
  }

  private static void flush(WorkerLink link, long commit) {
    try {
      link.flush();
    } catch (RuntimeException e) {
      untaken(e, commit);
    }
  }

  private static void untaken(RuntimeException cause, long commit) {
    LOG.errorf(cause, "an effect was not taken, the cell goes on commit=%d", commit);
  }

  private static void release(Effect effect, long commit, Instant commitTime) {
    switch (effect) {
      case Effect.Accepted it -> it.reply().accepted(it.item(), it.task(), commit, commitTime);
      case Effect.Existing it -> it.reply().existing(it.item(), it.first());
      case Effect.SubmitDenied it -> it.reply().denied(it.item(), it.reason());
      case Effect.Settled it -> it.reply().settled();
      case Effect.SettledDenied it -> it.reply().denied(it.reason());
      case Effect.DrainState it -> it.reply().draining(it.drained(), it.running());
      case Effect.DrainDenied it -> it.reply().denied(it.reason());
      case Effect.Assign it -> it.link().assign(it.assignment(), it.spec());
      case Effect.Greet it -> it.link().welcome(it.welcome());
      case Effect.Cancel it -> it.link().cancel(it.key());
      case Effect.Acknowledge it -> it.link().acknowledge(it.key());
      case Effect.Renewed it -> it.link().renewed(it.number());
      case Effect.Drain it -> it.link().drain(it.grace());
      case Effect.Close it -> it.link().close(it.reason());
      case Effect.Ejected it -> ejected(it.tenant(), it.ejection());
      case Effect.Back it -> back(it.tenant(), it.ejection().suspicion());
    }
  }

  private static void ejected(String tenant, Ejection ejection) {
    Suspicion suspicion = ejection.suspicion();
    LOG.warnf(
        "worker ejected workerId=%s tenant=%s executor=%s cause=%s seconds=%d times=%d reason=%s",
        suspicion.worker(),
        tenant,
        suspicion.scope().executor(),
        suspicion.cause(),
        ejection.length().toSeconds(),
        ejection.times(),
        suspicion.why());
  }

  private static void back(String tenant, Suspicion suspicion) {
    LOG.infof(
        "worker is back workerId=%s tenant=%s executor=%s cause=%s",
        suspicion.worker(), tenant, suspicion.scope().executor(), suspicion.cause());
  }
}
