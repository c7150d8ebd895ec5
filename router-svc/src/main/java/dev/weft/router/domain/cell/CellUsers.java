package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.StoredSpec;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose the open tasks are, and which workers rather serve them. Who a task's user is, is kept of
 * the newest hundred thousand as long as this placer lives; a task of which it is not known is
 * placed by the score alone. Of what runs it is known: a lease's spec tells it when it is stored,
 * and of what runs since before this placer's time the store is asked. One thread.
 */
public final class CellUsers {

  static final int MOST_TASKS = 100_000;

  /** What a round of the keeper reads and writes at most. */
  private static final int PAGE = 1_000;

  private static final int KEPT_DAYS = 30;
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final TaskTable tasks;
  private final CellClock clock;
  private final ShardPolicy policy;
  private final UserShards shards;
  private final Map<TaskId, Member> byTask = new LinkedHashMap<>();

  /** Leased before this placer's time, and nobody knows yet on whose behalf. */
  private final Set<TaskId> strangers = new LinkedHashSet<>();

  private final ShardGroups groups;
  private long nextLook;
  private int forgottenDay;

  CellUsers(Fleet fleet, TaskTable tasks, CellClock clock, ShardPolicy policy) {
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

  /** An attempt begins; its user is busy from now on, if it is known. */
  void opened(Attempt attempt) {
    TaskEntry entry = attempt.task;
    if (entry.owned()) {
      Member member = byTask.get(entry.id());
      if (member != null) {
        own(attempt, member.key().name());
      } else if (attempt.leasedAt == 0) {
        strangers.add(entry.id());
      }
    }
  }

  /** Its lease is stored, and with it the spec is here, which says whose the task is. */
  void begun(Attempt attempt, StoredSpec spec) {
    if (attempt.task.owned() && attempt.user == null) {
      own(attempt, spec.user());
    }
  }

  /** Not by what is kept with the task: whoever waited for long may have been forgotten. */
  private void own(Attempt attempt, String user) {
    Member member = user.isEmpty() ? null : member(attempt.task.tenant(), user);
    if (member != null) {
      member.began();
      attempt.user = member;
    }
  }

  /** It is over. */
  void closed(Attempt attempt) {
    if (attempt.user != null) {
      attempt.user.ended();
      attempt.user = null;
    } else if (!strangers.isEmpty()) {
      strangers.remove(attempt.task.id());
    }
  }

  /** Who rather serves the task; nobody in particular while few enough are there. */
  WorkerGroup group(TaskEntry entry) {
    Member member = entry.owned() ? byTask.get(entry.id()) : null;
    return member == null || member.shard() == 0
        ? WorkerGroup.NONE
        : groups.preferred(member.shard());
  }

  /** Splits, joins, moves and forgets; once a second. */
  void look() {
    if (!shards.adopted() || clock.nanos() - nextLook < 0) {
      return;
    }
    nextLook = clock.nanos() + LOOK_NANOS;
    shards.settle();
    Instant now = Instant.ofEpochMilli(clock.databaseMillis());
    shards.reshape(groups, now, clock.nanos());
    if (strangers.isEmpty()) {
      shards.move(Member::busy, PAGE);
      if (forgottenDay < today() && shards.forgetBefore(today() - KEPT_DAYS, Member::busy)) {
        forgottenDay = today();
      }
    }
  }

  /** Takes over a part of what is stored. */
  public void adopt(StoredShards part) {
    shards.adopt(part, clock.nanos());
  }

  /** Forgets the tenant's users. */
  void forget(String tenant) {
    shards.forget(tenant);
  }

  private boolean somebodyMayGo() {
    return shards.anyLeaving() || (shards.any() && forgottenDay < today());
  }

  /** What is to be done outside. */
  public Due due() {
    if (!policy.on()) {
      return Due.NOTHING;
    }
    Set<TaskId> unknown =
        somebodyMayGo()
            ? strangers.stream().limit(PAGE).collect(Collectors.toUnmodifiableSet())
            : Set.of();
    return new Due(!shards.adopted(), unknown, shards.changes(PAGE));
  }

  /** Whose these tasks are, for which it was asked; empty for nobody's. */
  public void learn(Map<TaskId, String> users) {
    users.forEach(
        (id, user) -> {
          TaskEntry entry = strangers.remove(id) ? tasks.get(id) : null;
          Attempt attempt = entry == null ? null : entry.attempt();
          if (entry != null && attempt != null) {
            put(entry, user);
            own(attempt, user);
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

    static final Due NOTHING = new Due(false, Set.of(), ShardChanges.none(0));
  }
}
