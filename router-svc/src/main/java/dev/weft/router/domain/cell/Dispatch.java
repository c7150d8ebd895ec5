package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.placement.DecisionBody;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.Leanings;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Preference;
import dev.weft.router.domain.placement.Preferences;
import dev.weft.router.domain.placement.Ranking;
import dev.weft.router.domain.placement.Scores;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives waiting tasks to free credit, in the cell's order, each time a commit is sealed. So a task
 * that has just come in is leased by the very commit that admits it, if nothing that fits sorts
 * before it.
 */
final class Dispatch {

  private final CellCore core;
  private final Attempts attempts;
  private final BudgetLimits limits;
  private final ShapeReasons reasons;
  private final Ejector ejector;
  private final Eligibilities eligibilities;
  private final Ranking ranking = new Ranking();
  private final List<Shape> inRound = new ArrayList<>();
  private final Set<Shape> exhausted = new HashSet<>();
  private long versionSeen = -1;
  private boolean cutShort;
  private final Sun sun;
  private PlacementPolicy policy;
  private Scores scores;
  private Preferences preferences;

  Dispatch(
      CellCore core, Policies policies, Attempts attempts, BudgetLimits limits, Ejector ejector) {
    this.core = core;
    this.attempts = attempts;
    this.limits = limits;
    this.reasons = new ShapeReasons(core);
    this.ejector = ejector;
    this.policy = policies.placement();
    this.sun = new Sun(core.clock, policies.geography());
    this.scores = sun.scores(policy);
    this.preferences = new Preferences(policy.algorithms(), scores, core.random);
    this.eligibilities =
        new Eligibilities(core.fleet, ejector::base, ejector::filter, scores, Eligibilities.MOST);
  }

  /**
   * The next round goes by it, unless it is no newer; what was weighed before is weighed anew.
   *
   * @return whether it is newer
   */
  boolean adopt(PlacementPolicy newer) {
    if (newer.version() <= policy.version()) {
      return false;
    }
    policy = newer;
    weigh();
    return true;
  }

  private void weigh() {
    scores = sun.scores(policy);
    preferences = new Preferences(policy.algorithms(), scores, core.random);
    eligibilities.weighBy(scores);
    core.fleet.changed();
  }

  /**
   * One round. A round that the batch's bound cuts short keeps the list of freed workers, so that
   * the next goes on where it stopped. What the batch holds already, like a task that has just come
   * in, is leased without another row, and so even by a batch that is full.
   */
  void round() {
    core.userLevels.begin();
    List<WorkerSlot> freed = core.fleet.freed();
    Set<Shape> touched = ejector.takeTouched();
    if (!touched.isEmpty()) {
      touched.forEach(shape -> exhaust(shape, false));
      core.ready.unpark(stream -> touched.contains(stream.shape));
    }
    if (core.fleet.version() != versionSeen) {
      versionSeen = core.fleet.version();
      exhausted.forEach(shape -> shape.exhausted = false);
      exhausted.clear();
      core.ready.unpark(stream -> true);
    } else if (!freed.isEmpty() && core.ready.anyParked()) {
      // Whatever was freed anywhere may be what the reserve lacked.
      core.ready.unpark(
          stream ->
              stream.kept
                  || (!stream.unfunded
                      && !stream.limited
                      && eligibilities.anyRoom(stream.shape, freed)));
    }
    Set<String> lessUsed = core.levels.takeChanged();
    if (!lessUsed.isEmpty()) {
      core.ready.unpark(stream -> stream.limited && lessUsed.contains(stream.shape.tenant));
    }
    if (core.accounts.takeChanged()) {
      core.ready.unpark(stream -> stream.unfunded);
    }
    boolean complete = place();
    cutShort = !complete;
    inRound.forEach(shape -> exhaust(shape, shape.pickFailed));
    if (complete) {
      refresh(freed);
      core.fleet.roundComplete();
    }
    inRound.forEach(shape -> shape.inRound = false);
    inRound.clear();
  }

  /** Whether the last round left something for the next. */
  boolean cutShort() {
    return cutShort;
  }

  /** Room that no task of a shape was there to take is not forgotten with the list of the freed. */
  private void refresh(List<WorkerSlot> freed) {
    if (!freed.isEmpty()) {
      for (Shape shape : List.copyOf(exhausted)) {
        if (!shape.inRound && eligibilities.anyRoom(shape, freed)) {
          exhaust(shape, false);
        }
      }
    }
  }

  private void exhaust(Shape shape, boolean now) {
    shape.exhausted = now;
    if (now) {
      exhausted.add(shape);
    } else {
      exhausted.remove(shape);
    }
  }

  private boolean place() {
    int most = core.settings.bounds().batchRows();
    long now = core.clock.databaseMillis();
    TaskStream stream = next(now);
    while (stream != null) {
      TaskEntry head = stream.peek();
      boolean full = core.draft.rows() >= most && head != null && !head.touched();
      if (full || core.userLevels.tired()) {
        core.ready.offer(stream);
        return false;
      }
      placeHead(stream);
      stream = next(now);
    }
    return !core.userLevels.tired();
  }

  /** What users' limits let go has its turn when the rest has had it. */
  private @Nullable TaskStream next(long now) {
    TaskStream stream = core.ready.poll(now);
    while (stream == null && core.userLevels.release()) {
      stream = core.ready.poll(now);
    }
    return stream;
  }

  private void placeHead(TaskStream stream) {
    TaskEntry head = stream.peek();
    if (head == null) {
      return;
    }
    if (core.userLevels.goesBehind(head, core.ready.polledAged())) {
      core.ready.offer(stream);
      return;
    }
    Shape shape = stream.shape;
    Eligibility eligibility = eligibilities.of(shape);
    enterRound(shape);
    stream.limited = false;
    Attempt last = head.attempt();
    List<WorkerId> avoid = last == null ? List.of() : last.failedOn;
    if (!core.reserve.allows(stream, ejector.away(shape).keySet())) {
      stream.kept = true;
      shape.pickFailed = false;
      core.ready.park(stream);
      return;
    }
    stream.kept = false;
    stream.unfunded = false;
    if (core.levels.holdsBack(stream, core.ready.polledAged())) {
      // Nothing is picked for what may not go, however many such streams a tenant has.
      shape.pickFailed = false;
      core.ready.park(stream);
      return;
    }
    WorkerSlot slot = pick(head, stream, avoid);
    shape.pickFailed = slot == null;
    // Nobody's work is ended for what its user may not have.
    boolean weighed = slot != null || stream.priority == PriorityClass.P0;
    if (weighed && !core.userLevels.admits(head, core.ready.polledAged())) {
      core.ready.offer(stream);
      return;
    }
    if (slot == null) {
      reasons.record(shape, eligibility, policy.name());
      core.preemption.makeRoom(stream, eligibility);
      core.ready.park(stream);
      return;
    }
    Worker worker = core.fleet.of(slot);
    if (limits.refuse(head, worker)) {
      core.ready.offer(stream);
      return;
    }
    if (mayHave(stream, head, worker)) {
      start(stream, head, worker);
    } else {
      core.ready.park(stream);
    }
  }

  private void enterRound(Shape shape) {
    if (!shape.inRound) {
      shape.inRound = true;
      inRound.add(shape);
    }
  }

  /** Whether its tenant may have it now, by what it holds and by what that costs. */
  private boolean mayHave(TaskStream stream, TaskEntry head, Worker worker) {
    if (!core.levels.admits(stream, core.ready.polledAged())) {
      return false;
    }
    stream.unfunded = !core.accounts.affords(head, worker, core.clock.databaseMillis());
    stream.lacksTokens = stream.unfunded && core.accounts.lackedTokens(stream.shape.tenant);
    return !stream.unfunded;
  }

  private void start(TaskStream stream, TaskEntry head, Worker worker) {
    stream.take(head);
    if (core.ready.leased(stream)) {
      core.tally.aged++;
    }
    stream.shape.outlook.leased();
    lease(head, worker);
    core.ready.offer(stream);
  }

  private @Nullable WorkerSlot pick(TaskEntry head, TaskStream stream, List<WorkerId> avoid) {
    Shape shape = stream.shape;
    int key = head.affinityCode();
    Preference by =
        key == 0 ? preferences.of(shape.need.executor(), stream.priority) : preferences.affinity();
    return ranking.pick(
        by,
        key == 0 ? shape.home : key,
        shape.need,
        eligibilities.of(shape, scores.index(stream.priority)),
        shape.exhausted ? core.fleet.freed() : null,
        avoid,
        Leanings.of(core.holders.of(head), core.users.group(head)));
  }

  /** Looks how fast things go; called several times a second. */
  void look() {
    long now = core.clock.nanos();
    if (sun.moved()) {
      weigh();
    }
    for (Shape shape : core.shapes.all()) {
      shape.outlook.look(now, shape.ahead(PriorityClass.P6), shape.eligible);
    }
    exhausted.removeIf(
        shape -> {
          // One that nobody uses may be dropped, and must not be kept by this.
          shape.exhausted = shape.open > 0;
          return !shape.exhausted;
        });
  }

  private void lease(TaskEntry entry, Worker worker) {
    Attempt attempt = attempts.lease(entry, worker);
    TaskId id = entry.id();
    body(entry.tenant()).placement(id, attempt.number, ranking);
    WorkerLink link = Objects.requireNonNull(worker.link, "an eligible worker is connected");
    core.draft.leased(attempt, link, core.specs.get(id));
  }

  private DecisionBody body(String tenant) {
    return core.draft.decisions(tenant, policy.name());
  }
}
