package dev.weft.router.domain.shard;

import dev.weft.router.domain.task.Hash64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The splits there are, which say where every user belongs. All begin in the first shard. At a
 * split each of the parent's users ranks the two halves by a hash of both (highest random weight)
 * and goes to the higher: so it parts them about evenly, and no user of another shard moves. A
 * split that has ended counts for nobody: its users belong to the parent again. Only a parent's
 * last split may end, when nothing was split off the half in turn, so that nobody else moves.
 * Immutable.
 */
public final class ShardTree {

  static final ShardTree ONE = of(List.of(), Set.of());

  /** With those that have ended; by their numbers. */
  private final NavigableMap<Integer, Shard> shards;

  private final Set<Integer> ended;

  /** Of each shard the numbers of those split off it that have not ended, ascending. */
  private final Map<Integer, List<Integer>> halves = new HashMap<>();

  private ShardTree(NavigableMap<Integer, Shard> shards, Set<Integer> ended) {
    this.shards = shards;
    this.ended = ended;
    shards.values().stream()
        .filter(shard -> shard.parent() > 0 && !ended.contains(shard.number()))
        .forEach(this::link);
  }

  private void link(Shard shard) {
    if (!isThere(shard.parent())) {
      throw new IllegalArgumentException(
          "parent of shard %d: %d (expected: one that is there)"
              .formatted(shard.number(), shard.parent()));
    }
    halves.computeIfAbsent(shard.parent(), number -> new ArrayList<>()).add(shard.number());
  }

  /**
   * @param split all but the first, by their numbers
   * @param ended the numbers of those that users leave for good
   * @throws IllegalArgumentException if they are out of order, or a parent is missing
   */
  static ShardTree of(List<Shard> split, Set<Integer> ended) {
    NavigableMap<Integer, Shard> shards = new TreeMap<>();
    shards.put(Shard.FIRST.number(), Shard.FIRST);
    split.forEach(shard -> append(shards, shard));
    return new ShardTree(shards, new TreeSet<>(ended));
  }

  private static void append(NavigableMap<Integer, Shard> shards, Shard next) {
    if (next.number() <= shards.lastKey()) {
      throw new IllegalArgumentException(
          "shard: %d (expected: above %d)".formatted(next.number(), shards.lastKey()));
    }
    shards.put(next.number(), next);
  }

  ShardTree with(Shard next) {
    NavigableMap<Integer, Shard> all = new TreeMap<>(shards);
    append(all, next);
    return new ShardTree(all, ended);
  }

  /** Its users belong to its parent from now on. */
  ShardTree ending(int number) {
    if (!mayEnd(number)) {
      throw new IllegalArgumentException(
          "shard: %d (expected: the last split off its parent, and unsplit)".formatted(number));
    }
    Set<Integer> over = new TreeSet<>(ended);
    over.add(number);
    return new ShardTree(shards, over);
  }

  /** One that has ended and that nobody is in is no longer known. */
  ShardTree without(int number) {
    if (!ended.contains(number)) {
      throw new IllegalArgumentException(
          "shard: %d (expected: one that has ended)".formatted(number));
    }
    NavigableMap<Integer, Shard> all = new TreeMap<>(shards);
    all.remove(number);
    Set<Integer> over = new TreeSet<>(ended);
    over.remove(number);
    return new ShardTree(all, over);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ShardTree tree
        && tree.shards.equals(shards)
        && tree.ended.equals(ended);
  }

  @Override
  public int hashCode() {
    return 31 * shards.hashCode() + ended.hashCode();
  }

  /** All but the first, by their numbers, with those that have ended. */
  List<Shard> split() {
    return List.copyOf(shards.tailMap(Shard.FIRST.number(), false).values());
  }

  /** By their numbers, with those that have ended. */
  List<Shard> all() {
    return List.copyOf(shards.values());
  }

  Set<Integer> ended() {
    return Collections.unmodifiableSet(ended);
  }

  /** With those that have ended. */
  int size() {
    return shards.size();
  }

  boolean has(int number) {
    return shards.containsKey(number);
  }

  /** Whether somebody may belong to it. */
  boolean isThere(int number) {
    return has(number) && !ended.contains(number);
  }

  /** The number of the next. */
  int next() {
    return shards.lastKey() + 1;
  }

  /** The next shard after that number, round about, that has not ended. */
  int after(int number) {
    Integer next = shards.higherKey(number);
    while (next != null && ended.contains(next)) {
      next = shards.higherKey(next);
    }
    return next == null ? Shard.FIRST.number() : next;
  }

  Shard get(int number) {
    Shard shard = shards.get(number);
    if (shard == null) {
      throw new IllegalArgumentException("shard: %d (expected: one there is)".formatted(number));
    }
    return shard;
  }

  /** How many splits of it stand. */
  int splits(int number) {
    return halves(number).size();
  }

  /** Whether its split may be undone without moving anybody but its users. */
  boolean mayEnd(int number) {
    return number != Shard.FIRST.number()
        && isThere(number)
        && halves(number).isEmpty()
        && halves(get(number).parent()).getLast() == number;
  }

  /** The number of the shard to which a user belongs: its way through the splits. */
  int target(UserKey user) {
    long hash = user.hash();
    int at = Shard.FIRST.number();
    for (int next = leftFor(hash, at); next != at; next = leftFor(hash, at)) {
      at = next;
    }
    return at;
  }

  /** Where its next split brings who is in it; itself for who stays. */
  private int leftFor(long hash, int at) {
    for (int half : halves(at)) {
      if (leaves(hash, half)) {
        return half;
      }
    }
    return at;
  }

  private List<Integer> halves(int number) {
    return halves.getOrDefault(number, List.of());
  }

  /** Each split draws anew, or who has stayed once would rather stay again. */
  private static boolean leaves(long user, int born) {
    return weight(user, 2L * born + 1) > weight(user, 2L * born);
  }

  private static long weight(long user, long half) {
    return Hash64.mix(user ^ Hash64.mix(half));
  }
}
