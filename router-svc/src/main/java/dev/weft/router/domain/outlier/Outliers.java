package dev.weft.router.domain.outlier;

import dev.weft.router.domain.outlier.Counts.Stats;
import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds workers whose attempts end otherwise than the others', and keeps them out for a while. An
 * ended attempt costs the same however many there are. Not safe for threads.
 */
public final class Outliers {

  /** How long nobody is asked again whether one more may be out. */
  private static final long CAPPED_NANOS = 1_000_000_000;

  private final OutlierPolicy policy;
  private final Judgement judgement;
  private final Map<Scope, Group> groups = new HashMap<>();
  private final Map<WorkerId, Map<Scope, Standing>> standings = new HashMap<>();
  private Iterator<Group> sweeping = groups.values().iterator();
  private boolean grown;
  private int out;

  public Outliers(OutlierPolicy policy) {
    this.policy = policy;
    this.judgement = new Judgement(policy);
  }

  /** Counts an end in. */
  public @Nullable Suspicion ended(Ended end) {
    if (end.evidence() == Evidence.NOTHING) {
      return null;
    }
    Scope all = Scope.all(end.executor());
    Suspicion found = count(end, all, end.evidence() == Evidence.WORKER_FAILED);
    if (end.evidence() == Evidence.WORKER_FAILED || end.keyed()) {
      return found;
    }
    Scope work = new Scope(end.executor(), end.shape());
    return count(end, work, end.evidence() == Evidence.WORK_FAILED);
  }

  private @Nullable Suspicion count(Ended end, Scope scope, boolean failure) {
    Standing standing = standing(end.worker(), scope);
    if (standing != null) {
      if (standing.ejection != null || (standing.backAt != 0 && end.leasedAt() < standing.backAt)) {
        return null;
      }
      if (standing.probing) {
        return probe(standing, failure);
      }
    }
    double millis = end.leasedAt() == 0 || scope.ofWorker() ? 0 : end.millis();
    Group group = group(scope, end.endedAt());
    group.add(end.worker(), failure, millis, end.endedAt());
    if ((scope.ofWorker() && !failure)
        || (standing != null && end.endedAt() < standing.cappedUntil)) {
      return null;
    }
    Stats own = group.own(end.worker(), end.endedAt());
    Stats others = group.others(own, end.endedAt());
    if (scope.ofWorker()) {
      return judgement.ofWorker(end.worker(), scope, own, others);
    }
    return failure
        ? judgement.ofErrors(end.worker(), scope, own, others)
        : judgement.ofLatency(end.worker(), scope, own, others);
  }

  private @Nullable Suspicion probe(Standing standing, boolean failure) {
    if (!failure) {
      standing.good++;
      standing.probing = standing.good < policy.terms().probation();
      return null;
    }
    standing.good = 0;
    Suspicion before = standing.suspicion;
    return new Suspicion(
        before.worker(),
        before.scope(),
        Cause.OWN_FAULTS,
        "it failed by its own fault on probation");
  }

  /** The worker is out from now on. */
  public Ejection eject(Suspicion suspicion, long now) {
    Standing standing = open(suspicion);
    boolean forgiven =
        standing.backAt != 0 && now - standing.backAt > policy.terms().forgiven().toNanos();
    standing.times = forgiven ? 1 : standing.times + 1;
    standing.good = 0;
    Duration length = Duration.ofNanos(policy.terms().lengthNanos(standing.times));
    Ejection ejection = new Ejection(suspicion, standing.times, now, length);
    if (standing.ejection == null) {
      out++;
    }
    standing.ejection = ejection;
    Group group = groups.get(suspicion.scope());
    if (group != null) {
      group.forget(suspicion.worker(), now);
    }
    return ejection;
  }

  /** As many are out as may be: it stays, and the question waits for a moment. */
  public void spare(Suspicion suspicion, long now) {
    open(suspicion).cappedUntil = now + CAPPED_NANOS;
  }

  /**
   * Looks whose time is over; called several times a second.
   *
   * @return who is back
   */
  public List<Ejection> look(long now) {
    sweep(now);
    List<Ejection> back = new ArrayList<>();
    for (Map<Scope, Standing> own : standings.values()) {
      for (Standing standing : own.values()) {
        Ejection ejection = standing.ejection;
        if (ejection != null && now >= ejection.endNanos()) {
          standing.ejection = null;
          standing.backAt = now;
          standing.probing = ejection.suspicion().scope().ofWorker();
          out--;
          back.add(ejection);
        }
      }
      own.values().removeIf(standing -> forgiven(standing, now));
    }
    standings.values().removeIf(Map::isEmpty);
    return back;
  }

  private boolean forgiven(Standing standing, long now) {
    return standing.ejection == null
        && !standing.probing
        && now >= standing.cappedUntil
        && (standing.backAt == 0 || now - standing.backAt > policy.terms().forgiven().toNanos());
  }

  /** One scope at a time, so that no look takes long. */
  private void sweep(long now) {
    if (grown || !sweeping.hasNext()) {
      grown = false;
      sweeping = groups.values().iterator();
    }
    if (sweeping.hasNext() && sweeping.next().sweep(now)) {
      sweeping.remove();
    }
  }

  /** Why the worker is out for such work; null while it is not. */
  public @Nullable Ejection out(WorkerId worker, String executor, int shape) {
    if (out == 0) {
      return null;
    }
    Map<Scope, Standing> own = standings.get(worker);
    if (own == null) {
      return null;
    }
    Standing all = own.get(Scope.all(executor));
    if (all != null && all.ejection != null) {
      return all.ejection;
    }
    Standing work = shape == 0 ? null : own.get(new Scope(executor, shape));
    return work == null ? null : work.ejection;
  }

  /** Whether the worker has to show again that it can do any such work. */
  public boolean probing(WorkerId worker, String executor) {
    Standing standing = standing(worker, Scope.all(executor));
    return standing != null && standing.ejection == null && standing.probing;
  }

  /** How many are out, each counted once a scope. */
  public int out() {
    return out;
  }

  private Standing open(Suspicion suspicion) {
    return standings
        .computeIfAbsent(suspicion.worker(), worker -> new HashMap<>(2))
        .computeIfAbsent(suspicion.scope(), scope -> new Standing(suspicion));
  }

  private @Nullable Standing standing(WorkerId worker, Scope scope) {
    Map<Scope, Standing> own = standings.get(worker);
    return own == null ? null : own.get(scope);
  }

  private Group group(Scope scope, long now) {
    Group known = groups.get(scope);
    if (known == null) {
      known = new Group(policy.sample().window().toNanos(), now);
      groups.put(scope, known);
      grown = true;
    }
    return known;
  }
}
