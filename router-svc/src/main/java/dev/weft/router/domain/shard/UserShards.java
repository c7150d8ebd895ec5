package dev.weft.router.domain.shard;

import dev.weft.router.domain.shard.Shard.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every known user in exactly one shard. Memory changes first and is stored a moment later, a page
 * at a time; so a row is one that was, and never names a shard that is not stored. Where a user is
 * only says which workers its next work prefers, so to go back by a moment loses nothing and
 * repeats nothing. No call looks at all users but {@link #forget}. One thread.
 */
public final class UserShards {

  public static final int MOST_USERS = 500_000;
  static final int MOST_SHARDS = 4_096;

  /** Of how many shards memory and size are looked at in a second. */
  private static final int JUDGED_AT_ONCE = 16;

  /** What a second's splits may cost, about: users whose shard is split, and shards. */
  private static final int PARTED_AT_ONCE = 20_000;

  /** Who came before the stored ones were read: of so many at once it is decided where they go. */
  private static final int SETTLED_AT_ONCE = 1_000;

  private final ShardPolicy policy;
  private final int mostUsers;
  private final Map<UserKey, Member> members = new HashMap<>();
  private final Map<String, Integer> ofTenants = new HashMap<>();
  private final Queue<Member> early = new ArrayDeque<>();

  /**
   * Tenants that were erased before all was adopted: a part that was read before has their rows.
   */
  private final Set<String> erased = new HashSet<>();

  private final Unstored unstored = new Unstored();
  private final Seating seating = new Seating(unstored);
  private int lastJudged;
  private int lastSwept;
  private long version;
  private boolean begun;
  private boolean adopted;

  public UserShards(ShardPolicy policy) {
    this(policy, MOST_USERS);
  }

  UserShards(ShardPolicy policy, int mostUsers) {
    this.policy = policy;
    this.mostUsers = mostUsers;
  }

  /** Whether all that is stored was read. */
  public boolean adopted() {
    return adopted;
  }

  /** Whether a user is known. */
  public boolean any() {
    return !members.isEmpty();
  }

  /**
   * Takes over a part of what is stored. Until the last of them a user whose row has not come is
   * nowhere, nobody moves and nothing is stored. A part that came before does no harm.
   */
  public void adopt(StoredShards part, long nanos) {
    if (adopted) {
      return;
    }
    if (!begun) {
      begun = true;
      version = part.version();
      seating.begin(part.tree(), nanos);
    }
    part.seats().forEach(this::adopt);
    if (!part.more()) {
      adopted = true;
      erased.clear();
      settle();
    }
  }

  private void adopt(Seat seat) {
    Member known = members.get(seat.user());
    if (known == null && erased.contains(seat.user().tenant())) {
      unstored.forgotten(seat.user());
      return;
    }
    Member member = known == null ? added(seat.user()) : known;
    if (member.shard == Member.NOWHERE) {
      boolean newer = member.day > seat.day();
      member.day = Math.max(member.day, seat.day());
      seating.sit(member, seat.shard());
      if (newer) {
        unstored.seat(member);
      }
    }
  }

  /**
   * Some of those that came before the stored ones were read and have no row go where they belong.
   */
  public void settle() {
    for (int i = 0; i < SETTLED_AT_ONCE && !early.isEmpty(); i++) {
      Member member = early.remove();
      if (member.shard == Member.NOWHERE && members.get(member.key()) == member) {
        welcome(member);
      }
    }
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
      known.day = day;
      if (adopted) {
        welcome(known);
      } else {
        early.add(known);
      }
    } else if (known.day < day) {
      known.day = day;
      if (known.shard != Member.NOWHERE) {
        unstored.seat(known);
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
    seating.sit(member, seating.tree().target(member.key()));
    unstored.seat(member);
  }

  /** Splits what has become too large or too full, and undoes splits. Moves nobody yet. */
  public void reshape(ShardMemory memory, Instant time, long nanos) {
    int parted = 0;
    int number = Shard.FIRST.number();
    do {
      while (policy.isTooLarge(seating.roll(number).belonging())
          && mayGrow()
          && parted < PARTED_AT_ONCE) {
        parted += seating.roll(number).belonging() + seating.tree().size();
        seating.part(number, Reason.USERS, time, nanos);
      }
      number = seating.tree().after(number);
    } while (number != Shard.FIRST.number());
    int judged = Math.min(JUDGED_AT_ONCE, seating.tree().size());
    for (int i = 0; i < judged; i++) {
      lastJudged = seating.tree().after(lastJudged);
      judge(lastJudged, memory, time, nanos);
    }
  }

  private boolean mayGrow() {
    return seating.tree().size() < MOST_SHARDS;
  }

  private void judge(int number, ShardMemory memory, Instant time, long nanos) {
    Roll roll = seating.roll(number);
    Duration since = Duration.ofNanos(nanos - roll.changedNanos);
    if (policy.isSettled(roll.belonging(), roll.leaving, since)
        && mayGrow()
        && policy.isTooFull(number, memory)) {
      seating.part(number, Reason.MEMORY, time, nanos);
    } else if (policy.isQuiet(roll.leaving, since)
        && seating.tree().mayEnd(number)
        && mayJoin(seating.tree().get(number), memory, time, nanos)) {
      seating.join(number, nanos);
    }
  }

  private boolean mayJoin(Shard half, ShardMemory memory, Instant time, long nanos) {
    Roll whole = seating.roll(half.parent());
    return policy.isQuiet(whole.leaving, Duration.ofNanos(nanos - whole.changedNanos))
        && policy.isTooSmall(
            seating.roll(half.number()).belonging() + whole.belonging(),
            Duration.between(half.created(), time))
        && policy.isRoomy(half.number(), half.parent(), memory);
  }

  public boolean anyLeaving() {
    return seating.anyLeaving();
  }

  /**
   * Moves users to where they belong, but nobody who is busy, whose turn comes again.
   *
   * @param most of so many it is looked whether they may go
   * @return how many went
   */
  public int move(Predicate<Member> busy, int most) {
    return seating.move(busy, most);
  }

  /**
   * Forgets who of the next shard was not heard of since that day and is not busy; should it come
   * back, it is new.
   *
   * @return whether it was the last shard's turn
   */
  public boolean forgetBefore(int day, Predicate<Member> busy) {
    lastSwept = seating.tree().after(lastSwept);
    for (Member member : seating.roll(lastSwept).members()) {
      if (member.day < day && !busy.test(member)) {
        dismiss(member);
      }
    }
    return seating.tree().after(lastSwept) == Shard.FIRST.number();
  }

  /** Forgets all users of a tenant. */
  public void forget(String tenant) {
    if (!adopted) {
      erased.add(tenant);
    }
    if (ofTenants.containsKey(tenant)) {
      members.values().stream()
          .filter(member -> member.key().tenant().equals(tenant))
          .toList()
          .forEach(this::dismiss);
    }
  }

  private void dismiss(Member member) {
    members.remove(member.key());
    ofTenants.computeIfPresent(member.key().tenant(), (_, known) -> known == 1 ? null : known - 1);
    unstored.forgotten(member.key());
    seating.unseat(member);
  }

  /**
   * What is to be stored next, under a number of its own.
   *
   * @param most rows of users; the others' turn comes after them
   */
  public ShardChanges changes(int most) {
    List<Integer> emptied = seating.emptied();
    return !adopted || (unstored.isEmpty() && emptied.isEmpty())
        ? ShardChanges.none(version)
        : unstored.changes(++version, emptied, most);
  }

  /** They are durable. What has changed meanwhile is still to be. */
  public void stored(ShardChanges changes) {
    unstored.stored(changes);
    seating.forget(changes.gone());
  }

  /** Of the last changes that were asked for. */
  public long version() {
    return version;
  }

  /** By their numbers; of one that has ended, as long as somebody is in it. */
  public List<ShardFigures> figures() {
    return seating.figures();
  }
}
