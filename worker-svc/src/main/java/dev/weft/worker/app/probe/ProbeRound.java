package dev.weft.worker.app.probe;

import dev.weft.worker.domain.probe.ProbeFinding;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbeLog;
import dev.weft.worker.domain.probe.ProbePlan;
import dev.weft.worker.domain.probe.ProbeResult;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks one layer as often as its plan says, never twice at once: a probe that hangs fails at its
 * timeout, and once more each time that the next one would be due. Safe for threads.
 */
final class ProbeRound {

  private static final Logger LOG = Logger.getLogger(ProbeRound.class);

  private final ProbeLayer layer;
  private final Probe probe;
  private final Probing.Means means;
  private final ProbeLog log = new ProbeLog();
  private Optional<ProbePlan> plan = Optional.empty();
  private long dueAt;
  private @Nullable Asking asking;
  private boolean well = true;

  /** A probe under way. */
  private static final class Asking {
    private final long begun;
    private boolean givenUp;

    Asking(long begun) {
      this.begun = begun;
    }
  }

  ProbeRound(ProbeLayer layer, Probe probe, Probing.Means means) {
    this.layer = layer;
    this.probe = probe;
    this.means = means;
  }

  ProbeLog log() {
    return log;
  }

  /**
   * From now on like this; without a plan not at all. The first probe comes at some time within the
   * first interval, so that workers which started together do not ask together.
   */
  synchronized void plan(Optional<ProbePlan> fresh) {
    if (fresh.equals(plan)) {
      return;
    }
    plan = fresh;
    fresh.ifPresent(
        each ->
            dueAt = means.ticker().nanos() + means.random().nextLong(each.interval().toNanos()));
  }

  /** Does what is due; to be called a few times a second. */
  synchronized void look() {
    plan.ifPresent(this::look);
  }

  private void look(ProbePlan current) {
    long now = means.ticker().nanos();
    if (giveUp(current, now) || now - dueAt < 0) {
      return;
    }
    Asking before = asking;
    if (before == null) {
      begin(current, now);
    } else if (before.givenUp) {
      dueAt = now + current.interval().toNanos();
      keep(now, hung("the probe before is not over"));
    }
  }

  private boolean giveUp(ProbePlan current, long now) {
    Asking late = asking;
    if (late == null || late.givenUp || now - late.begun < current.timeout().toNanos()) {
      return false;
    }
    late.givenUp = true;
    keep(late.begun, hung("not over after " + current.timeout().toMillis() + " ms"));
    return true;
  }

  private void begin(ProbePlan current, long now) {
    if (!probe.possible()) {
      return;
    }
    dueAt = now + current.interval().toNanos();
    Asking fresh = new Asking(now);
    asking = fresh;
    means.blocking().execute(() -> ask(fresh, current));
  }

  private void ask(Asking fresh, ProbePlan current) {
    try {
      ended(fresh, probe.ask(current.timeout()));
    } catch (InterruptedException e) {
      // The worker stops: nobody wants to know any more.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.debugf(e, "probe could not be made: layer=%s", layer.text());
      ended(fresh, hung("could not be made: " + e));
    }
  }

  private synchronized void ended(Asking over, List<ProbeFinding> findings) {
    asking = null;
    if (!over.givenUp) {
      keep(over.begun, findings);
    }
  }

  private List<ProbeFinding> hung(String fault) {
    return List.of(ProbeFinding.own("probe", fault));
  }

  private void keep(long begun, List<ProbeFinding> findings) {
    ProbeResult result = log.add(begun, findings);
    if (result.good() == well) {
      return;
    }
    well = result.good();
    if (well) {
      LOG.infof("probe is good again: layer=%s", layer.text());
    } else {
      LOG.warnf("probe failed: layer=%s error=%s", layer.text(), result.complaint());
    }
  }
}
