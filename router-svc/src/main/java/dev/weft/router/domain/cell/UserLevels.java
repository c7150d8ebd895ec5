package dev.weft.router.domain.cell;

import dev.weft.router.domain.limit.Level;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.shard.UserKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What users have at once, inside what their tenants have. A task of a user at its limit leaves its
 * stream, so that it holds up nobody behind it, and comes back when the user holds less. What names
 * no user costs a look at a number. One thread.
 */
final class UserLevels {

  /**
   * So many tasks leave and come back in one round, or streams are looked at for them, which takes
   * a few milliseconds.
   */
  static final int MOST_MOVES = 10_000;

  /** Of whom is told, beside what they hold. */
  private static final int MOST_TOLD = 20;

  private static final Comparator<TenantLevels.OfUser> WAITING_FIRST =
      Comparator.comparingInt(TenantLevels.OfUser::waiting)
          .thenComparingLong(user -> user.used().cpuMilli())
          .thenComparingLong(user -> user.used().slots())
          .reversed()
          .thenComparing(TenantLevels.OfUser::user);

  private final LevelAccounts tenants;
  private final ReadyIndex ready;
  private final CellClock clock;
  private final UserTable users = new UserTable();

  /** Of each tenant those who hold something, or of whom something is withheld. */
  private final Map<String, Set<UserShare>> busy = new HashMap<>();

  /** Those of whom something is withheld. */
  private final Set<UserShare> waiting = new LinkedHashSet<>();

  /** Those of them whose withheld work may go now. */
  private final Set<UserShare> changed = new LinkedHashSet<>();

  private int moves;

  UserLevels(LevelAccounts tenants, ReadyIndex ready, CellClock clock) {
    this.tenants = tenants;
    this.ready = ready;
    this.clock = clock;
  }

  /** An open task names this user; empty for none. */
  void put(TaskEntry entry, String user) {
    if (!user.isEmpty()) {
      users.opened(entry, new UserKey(entry.tenant(), user));
    }
  }

  /** As {@link LevelAccounts#refuse}. */
  @Nullable Denial refuse(Submission submission) {
    UserShare share = users.find(submission.tenant(), submission.spec().user());
    return tenants.refuse(submission, share == null ? Level.NONE : share.used());
  }

  /** It is not open any more, nor is an attempt at it. */
  void remove(TaskEntry entry) {
    UserShare share = users.of(entry);
    if (share == null) {
      return;
    }
    if (entry.withheld()) {
      share.died(entry);
      settle(share);
    }
    users.ended(entry);
  }

  void opened(Attempt attempt) {
    UserShare share = users.of(attempt.task);
    if (share != null) {
      share.opened(attempt.task.stream);
      list(share);
    }
  }

  void closed(Attempt attempt) {
    UserShare share = users.of(attempt.task);
    if (share != null) {
      share.closed(attempt.task.stream);
      settle(share);
    }
  }

  /** What bounds the tenant's users is another now. */
  void limitChanged(String tenant) {
    for (UserShare share : busy.getOrDefault(tenant, Set.of())) {
      if (share.withheld() > 0) {
        changed.add(share);
      }
    }
  }

  private void list(UserShare share) {
    busy.computeIfAbsent(share.user.tenant(), tenant -> new LinkedHashSet<>()).add(share);
  }

  /** It may have less now. */
  private void settle(UserShare share) {
    if (share.withheld() > 0) {
      changed.add(share);
      return;
    }
    waiting.remove(share);
    changed.remove(share);
    Set<UserShare> ofTenant = busy.get(share.user.tenant());
    if (ofTenant != null && share.used().equals(Level.NONE)) {
      ofTenant.remove(share);
      if (ofTenant.isEmpty()) {
        busy.remove(share.user.tenant());
      }
    }
  }

  /** A round of dispatch begins. */
  void begin() {
    moves = 0;
  }

  /** Whether the round has moved so much that the rest is the next one's. */
  boolean tired() {
    return moves >= MOST_MOVES;
  }

  /**
   * Whether the head of a stream waits behind others of its user; it is withheld then, before
   * anybody looks for a worker for it.
   */
  boolean goesBehind(TaskEntry head, boolean overdue) {
    UserShare share = users.of(head);
    if (share == null
        || share.withheld() == 0
        || limit(share) == null
        || !share.goesBehind(head, LevelAccount.rank(head.stream, overdue))) {
      return false;
    }
    withhold(share, head);
    return true;
  }

  /**
   * Whether its user may have what the head of a stream needs, for which there may be a worker; it
   * is withheld if not.
   */
  boolean admits(TaskEntry head, boolean overdue) {
    UserShare share = users.of(head);
    Level limit = share == null ? null : limit(share);
    if (share == null || limit == null || share.room(head.stream, limit) > 0) {
      return true;
    }
    share.refused(head, LevelAccount.rank(head.stream, overdue), limit);
    withhold(share, head);
    return false;
  }

  private void withhold(UserShare share, TaskEntry head) {
    moves++;
    head.stream.take(head);
    share.withhold(head);
    waiting.add(share);
    list(share);
  }

  /** How many more of these the head's user may have. */
  int room(TaskEntry head) {
    UserShare share = users.of(head);
    Level limit = share == null ? null : limit(share);
    return share == null || limit == null
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, share.room(head.stream, limit));
  }

  /**
   * Gives back to the streams what may go now; asked when all that was there has had its turn.
   *
   * @return whether another turn may find something
   */
  boolean release() {
    if (changed.isEmpty() || tired()) {
      return false;
    }
    List<UserShare> due = List.copyOf(changed);
    changed.clear();
    for (UserShare share : due) {
      if (tired()) {
        changed.add(share);
        continue;
      }
      moves += share.queues();
      List<TaskEntry> out = share.release(limit(share), this::rank, MOST_MOVES);
      moves += out.size();
      out.forEach(ready::giveBack);
      if (share.withheld() == 0) {
        settle(share);
      } else if (share.turnGiven()) {
        changed.add(share);
      }
    }
    return true;
  }

  private int rank(TaskEntry task) {
    return LevelAccount.rank(task.stream, ReadyIndex.overdue(task, clock.databaseMillis()));
  }

  /** Of the withheld tasks that expire with their class the first of each stream that do now. */
  List<TaskEntry> expired(long nowMillis) {
    List<TaskEntry> expired = new ArrayList<>();
    for (UserShare share : waiting) {
      for (TaskEntry head : share.heads()) {
        if (!head.stream.ownExpiry && nowMillis >= head.expiresAtMillis()) {
          expired.add(head);
        }
      }
    }
    return expired;
  }

  private @Nullable Level limit(UserShare share) {
    LevelAccount account = tenants.of(share.user.tenant());
    return account == null ? null : account.userLimit();
  }

  /** What a withheld task waits for. */
  String waitingFor(TaskEntry entry) {
    UserShare share = users.of(entry);
    LevelAccount account = tenants.of(entry.tenant());
    return share == null || account == null
        ? "wait: tasks before it are placed first"
        : account.waitingFor(entry.stream, share.user.name(), share.used());
  }

  /** Of this tenant those who wait for their limits or hold most, so many at most. */
  List<TenantLevels.OfUser> most(String tenant) {
    return busy.getOrDefault(tenant, Set.of()).stream()
        .map(share -> new TenantLevels.OfUser(share.user.name(), share.used(), share.withheld()))
        .sorted(WAITING_FIRST)
        .limit(MOST_TOLD)
        .toList();
  }

  /** Users with open tasks. */
  int size() {
    return users.size();
  }
}
