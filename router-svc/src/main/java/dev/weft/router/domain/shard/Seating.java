package dev.weft.router.domain.shard;

import dev.weft.router.domain.shard.Shard.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which shard has whom, to which everybody belongs, and who is on the way from one to the other.
 * One thread.
 */
final class Seating {

  private final Unstored unstored;
  private final Map<Integer, Roll> rolls = new HashMap<>();
  private final Set<Member> leaving = new LinkedHashSet<>();
  private ShardTree tree = ShardTree.ONE;

  Seating(Unstored unstored) {
    this.unstored = unstored;
    rolls.put(Shard.FIRST.number(), new Roll(0));
  }

  /** These are the shards, as long as nobody is in any. */
  void begin(ShardTree stored, long nanos) {
    tree = stored;
    tree.all().forEach(shard -> rolls.put(shard.number(), new Roll(nanos)));
  }

  ShardTree tree() {
    return tree;
  }

  Roll roll(int number) {
    return Objects.requireNonNull(rolls.get(number), "a shard that is known has its users");
  }

  /** A member that is nowhere comes to this shard, wherever it belongs. */
  void sit(Member member, int shard) {
    member.shard = shard;
    member.target = tree.target(member.key());
    roll(member.shard).users++;
    roll(member.target).enlist(member);
    if (member.leaving()) {
      roll(member.shard).leaving++;
      leaving.add(member);
    }
  }

  /** It is nowhere from now on. */
  void unseat(Member member) {
    int shard = member.shard;
    if (shard != Member.NOWHERE) {
      roll(shard).users--;
      roll(shard).leaving -= leaving.remove(member) ? 1 : 0;
      roll(member.target).strike(member);
      member.shard = Member.NOWHERE;
      member.target = Member.NOWHERE;
    }
  }

  /** About half of a shard's users belong to a new one from now on. */
  void part(int parent, Reason reason, Instant time, long nanos) {
    Shard half = new Shard(tree.next(), parent, reason, time);
    tree = tree.with(half);
    unstored.born(half);
    rolls.put(half.number(), new Roll(nanos));
    roll(parent).changedNanos = nanos;
    aimAnew(parent);
  }

  /** The users of a half belong to the whole again. */
  void join(int half, long nanos) {
    tree = tree.ending(half);
    unstored.ended(half);
    roll(tree.get(half).parent()).changedNanos = nanos;
    aimAnew(half);
  }

  private void aimAnew(int number) {
    for (Member member : roll(number).members()) {
      int target = tree.target(member.key());
      if (target != number) {
        aim(member, target);
      }
    }
  }

  private void aim(Member member, int target) {
    boolean wasLeaving = member.leaving();
    roll(member.target).strike(member);
    member.target = target;
    roll(target).enlist(member);
    if (!wasLeaving && member.leaving()) {
      roll(member.shard).leaving++;
      leaving.add(member);
    } else if (wasLeaving && !member.leaving()) {
      roll(member.shard).leaving--;
      leaving.remove(member);
    }
  }

  boolean anyLeaving() {
    return !leaving.isEmpty();
  }

  /** As {@link UserShards#move}. */
  int move(Predicate<Member> busy, int most) {
    int moved = 0;
    for (Member member : leaving.stream().limit(most).toList()) {
      leaving.remove(member);
      if (busy.test(member)) {
        leaving.add(member);
      } else {
        go(member);
        moved++;
      }
    }
    return moved;
  }

  private void go(Member member) {
    roll(member.shard).users--;
    roll(member.shard).leaving--;
    member.shard = member.target;
    roll(member.shard).users++;
    unstored.seat(member);
  }

  /** Those that have ended and that nobody is in. */
  List<Integer> emptied() {
    return tree.ended().stream().filter(number -> roll(number).users == 0).toList();
  }

  /** No row names these any more. */
  void forget(List<Integer> gone) {
    for (int number : gone) {
      tree = tree.without(number);
      rolls.remove(number);
    }
  }

  /** As {@link UserShards#figures}. */
  List<ShardFigures> figures() {
    List<ShardFigures> all = new ArrayList<>();
    for (Shard shard : tree.all()) {
      Roll roll = roll(shard.number());
      if (tree.isThere(shard.number()) || roll.users > 0) {
        all.add(new ShardFigures(shard, roll.users, roll.leaving, tree.splits(shard.number())));
      }
    }
    return all;
  }
}
