package dev.weft.router.domain.shard;

import dev.weft.router.domain.shard.Shard.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every known user in exactly one shard. Memory changes first and is stored a moment later, a page
 * at a time; so a row is one that was, and never names a shard that is not stored. Where a user is
 * only says which workers its next work prefers, so to go back by a moment loses nothing and
 * repeats nothing. One thread.
 */
public final class UserShards {

  public static final int MOST_USERS = 500_000;
  static final int MOST_SHARDS = 4_096;

  /** Of how many shards the memory is looked at in a second. */
  private static final int JUDGED_AT_ONCE = 16;

  private final ShardPolicy policy;
  private final int mostUsers;
  private final Map<UserKey, Member> members = new HashMap<>();
  private final Map<String, Integer> ofTenants = new HashMap<>();
  private final Set<Member> leaving = new LinkedHashSet<>();
  private final List<Count> counts = new ArrayList<>();
  private final Set<Member> unstored = new LinkedHashSet<>();
  private final Set<UserKey> forgotten = new LinkedHashSet<>();
  private ShardTree tree = ShardTree.ONE;
  private int storedShards = 1;
  private int lastJudged;
  private long version;
  private boolean adopted;

  public UserShards(ShardPolicy policy) {
    this(policy, MOST_USERS);
  }

  UserShards(ShardPolicy policy, int mostUsers) {
    this.policy = policy;
    this.mostUsers = mostUsers;
    counts.add(new Count());
  }

  /** Whether what is stored was read. */
  public boolean adopted() {
    return adopted;
  }

  /** Takes over what is stored; who came before that goes where its row says, or belongs. */
  public void adopt(StoredShards stored, long nanos) {
    if (adopted) {
      return;
    }
    adopted = true;
    version = stored.version();
    tree = stored.tree();
    storedShards = tree.size();
    while (counts.size() < tree.size()) {
      counts.add(new Count());
    }
    counts.forEach(count -> count.splitNanos = nanos);
    List<Member> early = List.copyOf(members.values());
    for (Seat seat : stored.seats()) {
      Member known = members.get(seat.user());
      Member member = known == null ? added(seat.user()) : known;
      boolean newer = member.day > seat.day();
      member.day = Math.max(member.day, seat.day());
      sit(member, seat.shard());
      if (newer) {
        unstored.add(member);
      }
    }
    early.stream().filter(member -> member.shard == Member.NOWHERE).forEach(this::welcome);
  }

  /**
   * The user, who is heard of today; a new one goes where it belongs.
   *
   * @return null when there are too many, or too many of its tenant
   */
  public @Nullable Member member(UserKey user, int day) {
    Member known = members.get(user);
    if (known == null) {
      // A tenant has no more than places are left, so that none ever takes the last one.
      if (ofTenants.getOrDefault(user.tenant(), 0) >= mostUsers - members.size()) {
        return null;
      }
      known = added(user);
      forgotten.remove(user);
      known.day = day;
      if (adopted) {
        welcome(known);
      }
    } else if (known.day < day) {
      known.day = day;
      if (known.shard != Member.NOWHERE) {
        unstored.add(known);
      }
    }
    return known;
  }

  private Member added(UserKey user) {
    Member member = new Member(user);
    members.put(user, member);
    ofTenants.merge(user.tenant(), 1, Integer::sum);
    return member;
  }

  private void welcome(Member member) {
    sit(member, tree.target(member.key));
    unstored.add(member);
  }

  private void sit(Member member, int shard) {
    member.shard = shard;
    member.target = tree.target(member.key);
    count(member.shard).users++;
    count(member.target).belonging++;
    if (member.leaving()) {
      count(member.shard).leaving++;
      leaving.add(member);
    }
  }

  /** Splits what has become too large or too full. Moves nobody yet. */
  public void grow(ShardMemory memory, Instant time, long nanos) {
    for (int number = 1; number <= tree.size(); number++) {
      while (policy.isTooLarge(count(number).belonging) && tree.size() < MOST_SHARDS) {
        part(number, Reason.USERS, time, nanos);
      }
    }
    int judged = Math.min(JUDGED_AT_ONCE, tree.size());
    for (int i = 0; i < judged && tree.size() < MOST_SHARDS; i++) {
      lastJudged = lastJudged % tree.size() + 1;
      if (isSettled(count(lastJudged), nanos) && policy.isTooFull(lastJudged, memory)) {
        part(lastJudged, Reason.MEMORY, time, nanos);
      }
    }
  }

  private boolean isSettled(Count count, long nanos) {
    return policy.isSettled(
        count.belonging, count.leaving, Duration.ofNanos(nanos - count.splitNanos));
  }

  private void part(int parent, Reason reason, Instant time, long nanos) {
    Shard half = new Shard(tree.size() + 1, parent, reason, time);
    tree = tree.with(half);
    counts.add(new Count());
    count(parent).splitNanos = nanos;
    count(half.number()).splitNanos = nanos;
    for (Member member : members.values()) {
      if (member.target == parent && tree.target(member.key) == half.number()) {
        aim(member, half.number());
      }
    }
  }

  private void aim(Member member, int target) {
    boolean left = member.leaving();
    count(member.target).belonging--;
    member.target = target;
    count(target).belonging++;
    if (!left) {
      count(member.shard).leaving++;
      leaving.add(member);
    }
  }

  /** Whether there is anybody to forget. */
  public boolean anyBefore(int day) {
    return members.values().stream().anyMatch(member -> member.day < day);
  }

  public boolean anyLeaving() {
    return !leaving.isEmpty();
  }

  /**
   * Moves users to where they belong, but nobody who is busy.
   *
   * @return how many
   */
  public int move(Predicate<Member> busy, int most) {
    int moved = 0;
    Iterator<Member> all = leaving.iterator();
    while (moved < most && all.hasNext()) {
      Member member = all.next();
      if (!busy.test(member)) {
        all.remove();
        Count from = count(member.shard);
        from.users--;
        from.leaving--;
        member.shard = member.target;
        count(member.shard).users++;
        unstored.add(member);
        moved++;
      }
    }
    return moved;
  }

  /**
   * Forgets who was not heard of since that day and is not busy; should it come back, it is new.
   */
  public void forgetBefore(int day, Predicate<Member> busy) {
    Iterator<Member> all = members.values().iterator();
    while (all.hasNext()) {
      Member member = all.next();
      if (member.day < day && member.shard != Member.NOWHERE && !busy.test(member)) {
        all.remove();
        ofTenants.computeIfPresent(
            member.key.tenant(), (tenant, known) -> known == 1 ? null : known - 1);
        Count count = count(member.shard);
        count.users--;
        count.leaving -= leaving.remove(member) ? 1 : 0;
        count(member.target).belonging--;
        unstored.remove(member);
        forgotten.add(member.key);
      }
    }
  }

  /**
   * What is to be stored next, under a number of its own.
   *
   * @param most rows of users; the others' turn comes after them
   */
  public ShardChanges changes(int most) {
    if (!adopted || (unstored.isEmpty() && forgotten.isEmpty() && storedShards == tree.size())) {
      return new ShardChanges(version, List.of(), List.of(), List.of());
    }
    List<Shard> shards = new ArrayList<>();
    for (int number = storedShards + 1; number <= tree.size(); number++) {
      shards.add(tree.get(number));
    }
    return new ShardChanges(
        ++version,
        shards,
        forgotten.stream().limit(most).toList(),
        unstored.stream().limit(most).map(Member::seat).toList());
  }

  /** They are durable. What has changed meanwhile is still to be. */
  public void stored(ShardChanges changes) {
    storedShards += changes.shards().size();
    changes.forgotten().forEach(forgotten::remove);
    for (Seat seat : changes.seats()) {
      Member member = members.get(seat.user());
      if (member != null && member.seat().equals(seat)) {
        unstored.remove(member);
      }
    }
  }

  /** Of the last changes that were asked for. */
  public long version() {
    return version;
  }

  /** By their numbers. */
  public List<ShardFigures> figures() {
    List<ShardFigures> all = new ArrayList<>();
    int[] splits = new int[tree.size() + 1];
    for (int number = 1; number <= tree.size(); number++) {
      splits[tree.get(number).parent()]++;
    }
    for (int number = 1; number <= tree.size(); number++) {
      Count count = count(number);
      all.add(new ShardFigures(tree.get(number), count.users, count.leaving, splits[number]));
    }
    return all;
  }

  private Count count(int number) {
    return counts.get(number - 1);
  }

  private static final class Count {
    private int users;
    private int belonging;
    private int leaving;

    /** On the monotonic clock. */
    private long splitNanos;
  }
}
