package dev.weft.router.domain.outlier;

import dev.weft.router.domain.outlier.Counts.Stats;
import dev.weft.router.domain.outlier.Evidence.Mark;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the workers on which one tenant's attempts end otherwise than on the others, and keeps them
 * out of that tenant's work for a while. An ended attempt costs the same however many there are.
 * Not safe for threads.
 */
public final class Outliers {

  /** Groups that one look sweeps. */
  private static final int SWEPT = 4;

  private final OutlierPolicy policy;
  private final Judgement judgement;
  private final Probation probation;

  /** Those that were swept longest ago first. */
  private final Map<Scope, Group> groups = new LinkedHashMap<>();

  private final Map<Scope, Map<WorkerId, Standing>> standings = new HashMap<>();
  private final Set<Scope> touched = new LinkedHashSet<>();

  public Outliers(OutlierPolicy policy) {
    this.policy = policy;
    this.judgement = new Judgement(policy);
    this.probation = new Probation(policy, judgement);
  }

  /** An attempt begins: on probation, that is the one. */
  public void leased(WorkerId worker, String executor, int shape, long fence) {
    for (Scope scope : scopes(executor, shape)) {
      Standing standing = standing(scope, worker);
      if (standing != null && standing.probing && !standing.away()) {
        standing.probe = fence;
        touched.add(scope);
      }
    }
  }

  /** Counts an end in. */
  public @Nullable Suspicion ended(Ended end) {
    Suspicion found = null;
    for (Scope scope : scopes(end.executor(), end.shape())) {
      Suspicion here = count(end, scope);
      found = found == null ? here : found;
    }
    return found;
  }

  private static List<Scope> scopes(String executor, int shape) {
    return List.of(Scope.all(executor), new Scope(executor, shape));
  }

  private @Nullable Suspicion count(Ended end, Scope scope) {
    Mark mark = end.in(scope);
    Standing standing = standing(scope, end.worker());
    if (standing != null && !standing.cleared()) {
      return standing.probe == end.fence() ? probed(standing, end, mark) : null;
    }
    if (mark == Mark.NONE || (standing != null && standing.settled(end.leasedAt()))) {
      return null;
    }
    long now = end.endedAt();
    Group group = group(scope, now);
    if (end.evidence() == Evidence.WORKER_LOST && group.lostAgain(end.worker(), now)) {
      return null;
    }
    group.add(end.worker(), mark == Mark.BAD, scope.ofWorker() ? 0 : end.millis(), now);
    if (end.evidence() == Evidence.WORKER_LOST) {
      group.lost(end.worker(), now);
    }
    if ((scope.ofWorker() && mark == Mark.GOOD) || group.capped(now)) {
      return null;
    }
    Stats own = group.own(end.worker(), now);
    Stats others = group.others(own, now);
    if (scope.ofWorker()) {
      return judgement.ofWorker(end.worker(), scope, own, others);
    }
    return mark == Mark.BAD
        ? judgement.ofErrors(end.worker(), scope, own, others)
        : judgement.ofLatency(end.worker(), scope, own, others);
  }

  private @Nullable Suspicion probed(Standing standing, Ended end, Mark mark) {
    standing.probe = 0;
    if (mark == Mark.NONE) {
      standing.resting = true;
      return null;
    }
    Scope scope = standing.ejection.suspicion().scope();
    touched.add(scope);
    long now = end.endedAt();
    return probation.ended(standing, end, mark, group(scope, now).others(Stats.NONE, now));
  }

  /**
   * Whether one more may be out of the scope.
   *
   * @param able counts the workers that could take its work; asked once a second at most
   */
  public boolean mayGo(Scope scope, long now, IntSupplier able) {
    Group group = group(scope, now);
    if (out(scope) < policy.mostOut(group.able(now, able))) {
      return true;
    }
    group.cap(now);
    return false;
  }

  private long out(Scope scope) {
    Map<WorkerId, Standing> all = standings.getOrDefault(Scope.all(scope.executor()), Map.of());
    long out = all.values().stream().filter(standing -> standing.out).count();
    if (scope.ofWorker()) {
      return out;
    }
    for (Map.Entry<WorkerId, Standing> own : standings.getOrDefault(scope, Map.of()).entrySet()) {
      Standing wider = all.get(own.getKey());
      out += own.getValue().out && (wider == null || !wider.out) ? 1 : 0;
    }
    return out;
  }

  /** The worker is out from now on. */
  public Ejection eject(Suspicion suspicion, long now) {
    Scope scope = suspicion.scope();
    Map<WorkerId, Standing> ofScope = standings.computeIfAbsent(scope, one -> new HashMap<>(2));
    Standing known = ofScope.get(suspicion.worker());
    long forgiven = policy.terms().forgiven().toNanos();
    int times = known == null || known.forgiven(now, forgiven) ? 1 : known.ejection.times() + 1;
    Duration length = Duration.ofNanos(policy.terms().lengthNanos(times));
    Ejection ejection = new Ejection(suspicion, times, now, length);
    if (known == null) {
      ofScope.put(suspicion.worker(), new Standing(ejection));
    } else {
      known.eject(ejection);
    }
    touched.add(scope);
    Group group = groups.get(scope);
    if (group != null) {
      group.forget(suspicion.worker(), now);
    }
    return ejection;
  }

  /**
   * Looks whose time is over; called several times a second.
   *
   * @param known workers that are still there; the others' records are dropped
   * @return who is back
   */
  public List<Ejection> look(long now, Predicate<WorkerId> known) {
    sweep(now);
    List<Ejection> back = new ArrayList<>();
    for (Map.Entry<Scope, Map<WorkerId, Standing>> own : standings.entrySet()) {
      if (own.getValue().keySet().removeIf(worker -> !known.test(worker))) {
        touched.add(own.getKey());
      }
      for (Standing standing : own.getValue().values()) {
        if (standing.out && standing.ejection.over(now)) {
          standing.back(now);
          touched.add(own.getKey());
          back.add(standing.ejection);
        } else if (standing.resting) {
          standing.resting = false;
          touched.add(own.getKey());
        }
      }
      own.getValue()
          .values()
          .removeIf(one -> one.forgiven(now, policy.terms().forgiven().toNanos()));
    }
    standings.values().removeIf(Map::isEmpty);
    return back;
  }

  /**
   * A few at a time, so that no look takes long; each has its turn, whatever is added meanwhile.
   */
  private void sweep(long now) {
    for (int i = Math.min(SWEPT, groups.size()); i > 0; i--) {
      Iterator<Map.Entry<Scope, Group>> oldest = groups.entrySet().iterator();
      Map.Entry<Scope, Group> next = oldest.next();
      oldest.remove();
      if (next.getValue().sweep(now)) {
        groups.put(next.getKey(), next.getValue());
      }
    }
  }

  /** Nobody has such work any more. */
  public void drop(Scope scope) {
    groups.remove(scope);
    standings.remove(scope);
  }

  /** Workers that get nothing of such work now, each with what it would tell. */
  public Map<WorkerId, String> away(String executor, int shape) {
    if (standings.isEmpty()) {
      return Map.of();
    }
    Map<WorkerId, String> away = new HashMap<>();
    for (Scope scope : scopes(executor, shape).reversed()) {
      standings
          .getOrDefault(scope, Map.of())
          .forEach(
              (worker, standing) -> {
                if (standing.away()) {
                  away.put(worker, standing.text());
                }
              });
    }
    return Map.copyOf(away);
  }

  /** Scopes in which others are away than when this was last asked. */
  public List<Scope> takeTouched() {
    if (touched.isEmpty()) {
      return List.of();
    }
    List<Scope> taken = List.copyOf(touched);
    touched.clear();
    return taken;
  }

  /** How many are out, each counted once a scope. */
  public int out() {
    int out = 0;
    for (Map<WorkerId, Standing> own : standings.values()) {
      for (Standing standing : own.values()) {
        out += standing.out ? 1 : 0;
      }
    }
    return out;
  }

  /** What it remembers, in workers times scopes; each takes about 500 bytes. */
  public int windows() {
    int sum = 0;
    for (Group group : groups.values()) {
      sum += Math.max(1, group.windows());
    }
    return sum;
  }

  /** Forgets the group that has its turn. */
  public void dropOldest() {
    Iterator<Group> oldest = groups.values().iterator();
    if (oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
  }

  /** It remembers nothing. */
  public boolean idle() {
    return groups.isEmpty() && standings.isEmpty();
  }

  private @Nullable Standing standing(Scope scope, WorkerId worker) {
    Map<WorkerId, Standing> own = standings.get(scope);
    return own == null ? null : own.get(worker);
  }

  private Group group(Scope scope, long now) {
    Group known = groups.get(scope);
    if (known == null) {
      known = new Group(policy.sample().window().toNanos(), now);
      groups.put(scope, known);
    }
    return known;
  }
}
