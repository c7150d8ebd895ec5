package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.WorkerGroup;
import dev.weft.router.domain.shard.Member;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.ShardFigures;
import dev.weft.router.domain.shard.ShardPolicy;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.shard.UserKey;
import dev.weft.router.domain.shard.UserShards;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose the open tasks are, and which workers rather serve them. Who a task's user is, is kept of
 * the newest hundred thousand as long as this placer lives, and for others read from their specs
 * when somebody must know it. A task of which it is not known is placed by the score alone. One
 * thread.
 */
public final class CellUsers {

  static final int MOST_TASKS = 100_000;

  /** What a round of the keeper reads and writes at most. */
  private static final int PAGE = 1_000;

  private static final int KEPT_DAYS = 30;
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Fleet fleet;
  private final TaskTable tasks;
  private final CellClock clock;
  private final ShardPolicy policy;
  private final UserShards shards;
  private final Map<TaskId, Member> byTask = new LinkedHashMap<>();
  private final Set<TaskId> strangers = new LinkedHashSet<>();
  private final ShardGroups groups;
  private long nextLook;
  private int forgottenDay;

  CellUsers(Fleet fleet, TaskTable tasks, CellClock clock, ShardPolicy policy) {
    this.fleet = fleet;
    this.tasks = tasks;
    this.clock = clock;
    this.policy = policy;
    this.shards = new UserShards(policy);
    this.groups = new ShardGroups(fleet, policy.workers());
    this.nextLook = clock.nanos();
  }

  void put(TaskEntry entry, String user) {
    Member member = user.isEmpty() || !policy.on() ? null : member(entry.tenant(), user);
    entry.owned(member != null);
    if (member != null) {
      byTask.put(entry.id(), member);
      if (byTask.size() > MOST_TASKS) {
        byTask.remove(byTask.keySet().iterator().next());
      }
    }
  }

  private @Nullable Member member(String tenant, String user) {
    return shards.member(new UserKey(tenant, user), today());
  }

  private int today() {
    return (int) (clock.databaseMillis() / DAY_MILLIS);
  }

  void remove(TaskEntry entry) {
    if (entry.owned()) {
      byTask.remove(entry.id());
    }
  }

  /** Who rather serves the task; nobody in particular while few enough are there. */
  WorkerGroup group(TaskEntry entry) {
    Member member = entry.owned() ? byTask.get(entry.id()) : null;
    return member == null || member.shard() == 0
        ? WorkerGroup.NONE
        : groups.preferred(member.shard());
  }

  /** Splits, moves and forgets; once a second. */
  void look() {
    if (!shards.adopted() || clock.nanos() - nextLook < 0) {
      return;
    }
    nextLook = clock.nanos() + LOOK_NANOS;
    Instant now = Instant.ofEpochMilli(clock.databaseMillis());
    shards.grow(groups, now, clock.nanos());
    if (forgottenDay < today() && !shards.anyBefore(today() - KEPT_DAYS)) {
      forgottenDay = today();
    }
    boolean forget = forgottenDay < today();
    if (shards.anyLeaving() || forget) {
      busy().ifPresent(these -> move(these, forget));
    }
  }

  private void move(Set<Member> busy, boolean forget) {
    shards.move(busy::contains, PAGE);
    if (forget) {
      shards.forgetBefore(today() - KEPT_DAYS, busy::contains);
      forgottenDay = today();
    }
  }

  /**
   * Users of which an attempt is leased, so that their files are in use there; empty while of one
   * of the attempts nobody knows whose it is.
   */
  private Optional<Set<Member>> busy() {
    strangers.clear();
    Set<Member> busy = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Worker worker : fleet.all()) {
      for (Attempt attempt : worker.openAttempts()) {
        TaskEntry entry = attempt.task;
        if (entry.owned()) {
          Member member = byTask.get(entry.id());
          if (member == null) {
            strangers.add(entry.id());
          } else {
            busy.add(member);
          }
        }
      }
    }
    return strangers.isEmpty() ? Optional.of(busy) : Optional.empty();
  }

  /** Takes over what is stored, once. */
  public void adopt(StoredShards stored) {
    shards.adopt(stored, clock.nanos());
  }

  /** What is to be done outside. */
  public Due due() {
    if (!policy.on()) {
      return Due.NOTHING;
    }
    Set<TaskId> unknown = strangers.stream().limit(PAGE).collect(Collectors.toUnmodifiableSet());
    return new Due(!shards.adopted(), unknown, shards.changes(PAGE));
  }

  /** Whose tasks are, by their specs; empty for nobody's. One without a spec has no place here. */
  public void learn(Map<TaskId, String> users) {
    users.forEach(
        (id, user) -> {
          strangers.remove(id);
          TaskEntry entry = tasks.get(id);
          if (entry != null) {
            put(entry, user);
          }
        });
  }

  /** They are durable. */
  public void stored(ShardChanges changes) {
    shards.stored(changes);
  }

  /** The shards now, and who serves them. */
  public ShardReport report() {
    return new ShardReport(
        policy.users(),
        shards.version(),
        policy.on() ? shards.figures().stream().map(this::line).toList() : List.of());
  }

  private ShardReport.Line line(ShardFigures figures) {
    int number = figures.shard().number();
    ShardGroups.Amount memory = groups.amount(number);
    return new ShardReport.Line(figures, groups.ids(number), memory.taken(), memory.bytes());
  }

  /**
   * What is to be done outside, in this order.
   *
   * @param adopt read what is stored
   * @param strangers read whose these tasks are
   * @param changes store them
   */
  public record Due(boolean adopt, Set<TaskId> strangers, ShardChanges changes) {

    static final Due NOTHING =
        new Due(false, Set.of(), new ShardChanges(0, List.of(), List.of(), List.of()));
  }
}
