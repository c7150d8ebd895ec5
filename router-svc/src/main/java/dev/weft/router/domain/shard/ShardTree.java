package dev.weft.router.domain.shard;

import dev.weft.router.domain.task.Hash64;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The splits there were, which say where every user belongs. All begin in the first shard. At a
 * split each of the parent's users ranks the two halves by a hash of both (highest random weight)
 * and goes to the higher: so it parts them about evenly, and no user of another shard moves.
 * Immutable.
 */
public final class ShardTree {

  static final ShardTree ONE = new ShardTree(List.of(Shard.FIRST));

  private final List<Shard> shards;

  private ShardTree(List<Shard> shards) {
    this.shards = shards;
  }

  /**
   * @param split all but the first, by their numbers
   * @throws IllegalArgumentException if they have gaps
   */
  static ShardTree of(List<Shard> split) {
    ShardTree tree = ONE;
    for (Shard shard : split) {
      tree = tree.with(shard);
    }
    return tree;
  }

  ShardTree with(Shard next) {
    if (next.number() != size() + 1) {
      throw new IllegalArgumentException(
          "shard: %d (expected: %d)".formatted(next.number(), size() + 1));
    }
    List<Shard> all = new ArrayList<>(shards);
    all.add(next);
    return new ShardTree(List.copyOf(all));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ShardTree tree && tree.shards.equals(shards);
  }

  @Override
  public int hashCode() {
    return shards.hashCode();
  }

  List<Shard> split() {
    return shards.subList(1, shards.size());
  }

  int size() {
    return shards.size();
  }

  Shard get(int number) {
    return shards.get(number - 1);
  }

  /** The number of the shard to which a user belongs: its way through all splits. */
  int target(UserKey user) {
    long hash = user.hash();
    int at = Shard.FIRST.number();
    for (int i = 1; i < shards.size(); i++) {
      Shard born = shards.get(i);
      if (born.parent() == at && leaves(hash, born.number())) {
        at = born.number();
      }
    }
    return at;
  }

  /** Each split draws anew, or who has stayed once would rather stay again. */
  private static boolean leaves(long user, int born) {
    return weight(user, 2L * born + 1) > weight(user, 2L * born);
  }

  private static long weight(long user, long half) {
    return Hash64.mix(user ^ Hash64.mix(half));
  }
}
