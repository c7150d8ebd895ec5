package dev.weft.router.domain.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.shard.Shard.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTreeTest {

  private static final List<UserKey> USERS =
      IntStream.range(0, 10_000).mapToObj(i -> new UserKey("t" + i % 7, "user-" + i)).toList();

  @Test
  void aSplitPartsTheUsersOfOneShardAboutEvenlyAndMovesNobodyElse() {
    Random random = new Random(5);
    ShardTree tree = ShardTree.ONE;
    while (tree.size() < 40) {
      int parent = 1 + random.nextInt(tree.size());
      ShardTree next = tree.with(shard(tree.size() + 1, parent));
      int members = 0;
      int moved = 0;
      for (UserKey user : USERS) {
        int before = tree.target(user);
        int after = next.target(user);
        if (before != parent) {
          assertThat(after).isEqualTo(before);
        } else {
          assertThat(after).isIn(parent, next.size());
          members++;
          moved += after == before ? 0 : 1;
        }
      }
      // Five standard deviations of a fair coin.
      assertThat(Math.abs(moved - members / 2.0)).isLessThanOrEqualTo(2.5 * Math.sqrt(members) + 1);
      tree = next;
    }
  }

  @Test
  void whoHasStayedOnceIsNoMoreInclinedToStayAgain() {
    ShardTree tree = ShardTree.of(List.of(shard(2, 1), shard(3, 1), shard(4, 1)), Set.of());
    Map<Integer, Integer> users = new HashMap<>();
    USERS.forEach(user -> users.merge(tree.target(user), 1, Integer::sum));

    assertThat(users.get(2)).isBetween(4_800, 5_200);
    assertThat(users.get(3)).isBetween(2_350, 2_650);
    assertThat(users.get(4)).isBetween(1_150, 1_350);
    assertThat(users.get(1)).isBetween(1_150, 1_350);
  }

  @Test
  void twoTenantsUsersOfOneNameAreTwoUsers() {
    ShardTree tree = ShardTree.of(List.of(shard(2, 1)), Set.of());

    long apart =
        IntStream.range(0, 1_000)
            .filter(
                i ->
                    tree.target(new UserKey("acme", "u" + i))
                        != tree.target(new UserKey("globex", "u" + i)))
            .count();

    assertThat(apart).isBetween(400L, 600L);
  }

  @Test
  void undoneInTurnEachSplitGivesItsUsersBackAndMovesNobodyElse() {
    Random random = new Random(7);
    ShardTree tree = ShardTree.ONE;
    while (tree.size() < 40) {
      tree = tree.with(shard(tree.next(), 1 + random.nextInt(tree.size())));
    }
    while (tree.size() > 1) {
      int number = endable(tree, random);
      ShardTree next = tree.ending(number);
      int parent = tree.get(number).parent();
      for (UserKey user : USERS) {
        int before = tree.target(user);
        assertThat(next.target(user)).isEqualTo(before == number ? parent : before);
      }
      assertThat(next.split()).isEqualTo(tree.split());
      tree = next.without(number);
    }
    assertThat(tree).isEqualTo(ShardTree.ONE);
  }

  private static int endable(ShardTree tree, Random random) {
    List<Integer> those = tree.all().stream().map(Shard::number).filter(tree::mayEnd).toList();
    assertThat(those).isNotEmpty();
    return those.get(random.nextInt(those.size()));
  }

  @Test
  void aSplitIsNotUndoneWhileALaterOneOfItsParentOrOneOfItsOwnStands() {
    ShardTree tree = ShardTree.of(List.of(shard(2, 1), shard(3, 2), shard(4, 1)), Set.of());

    assertThat(tree.mayEnd(1)).isFalse();
    assertThat(tree.mayEnd(2)).isFalse();
    assertThat(tree.mayEnd(3)).isTrue();
    assertThat(tree.mayEnd(4)).isTrue();
    ShardTree without = tree.ending(3).ending(4);
    assertThat(without.mayEnd(4)).isFalse();
    assertThat(without.mayEnd(2)).isTrue();
    assertThatThrownBy(() -> tree.ending(2))
        .hasMessage("shard: 2 (expected: the last split off its parent, and unsplit)");
    assertThatThrownBy(() -> tree.without(2)).hasMessage("shard: 2 (expected: one that has ended)");
  }

  @Test
  void aRoundPassesThoseThatHaveEnded() {
    ShardTree tree = ShardTree.of(List.of(shard(2, 1), shard(5, 1)), Set.of(5));

    assertThat(tree.after(0)).isEqualTo(1);
    assertThat(tree.after(1)).isEqualTo(2);
    assertThat(tree.after(2)).isEqualTo(1);
    assertThat(tree.next()).isEqualTo(6);
  }

  @Test
  void aTreeThatCannotBeIsRefused() {
    assertThatThrownBy(() -> ShardTree.of(List.of(shard(3, 1), shard(2, 1)), Set.of()))
        .hasMessage("shard: 2 (expected: above 3)");
    assertThatThrownBy(() -> ShardTree.of(List.of(shard(3, 2)), Set.of()))
        .hasMessage("parent of shard 3: 2 (expected: one that is there)");
    assertThatThrownBy(() -> ShardTree.of(List.of(shard(2, 1), shard(3, 2)), Set.of(2)))
        .hasMessage("parent of shard 3: 2 (expected: one that is there)");
    assertThatThrownBy(() -> shard(2, 2))
        .hasMessage("shard 2 of parent 2 (expected: 1 of 0, else a parent of 1..1)");
  }

  private static Shard shard(int number, int parent) {
    return new Shard(number, parent, Reason.USERS, Instant.EPOCH);
  }
}
