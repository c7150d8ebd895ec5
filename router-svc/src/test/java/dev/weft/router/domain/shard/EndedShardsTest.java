package dev.weft.router.domain.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.shard.Shard.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of a shard whose users have gone. */
class EndedShardsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final long QUIET = Duration.ofMinutes(10).toNanos();
  private static final ShardMemory EMPTY =
      new ShardMemory() {
        @Override
        public double of(int shard) {
          return 0;
        }

        @Override
        public double beside(int shard) {
          return 0;
        }
      };

  private final UserShards shards = new UserShards(new ShardPolicy(10, 0.8, 2));

  @Test
  void whenItsUsersHaveGoneASplitIsUndoneTheIdleFirstAndTheShardVanishesWithTheLast() {
    adopt();
    add(0, 13);
    shards.reshape(EMPTY, NOW, 0);
    shards.move(_ -> false, 100);
    shards.stored(shards.changes(100));
    forgetBut(4);
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    Member busy = memberOf(2);

    shards.reshape(EMPTY, tomorrow, QUIET);
    shards.move(busy::equals, 100);

    assertThat(shards.figures().getLast())
        .extracting(ShardFigures::users, ShardFigures::leaving)
        .containsExactly(1, 1);
    ShardChanges first = shards.changes(100);
    assertThat(first.ended()).containsExactly(2);
    assertThat(first.gone()).isEmpty();
    shards.stored(first);

    shards.move(_ -> false, 100);

    assertThat(shards.changes(0).gone()).isEmpty();
    ShardChanges last = shards.changes(100);
    assertThat(last.seats()).contains(new Seat(busy.key(), 1, 9));
    assertThat(last.gone()).containsExactly(2);
    shards.stored(last);
    assertThat(shards.figures()).extracting(ShardFigures::users).containsExactly(4);
    assertThat(shards.changes(100).isEmpty()).isTrue();
  }

  @Test
  void aShardThatHadEndedWhenItsPlacerDiedIsLeftAndVanishesUnderTheNext() {
    shards.adopt(
        new StoredShards(
            3,
            List.of(new Shard(2, 1, Reason.USERS, NOW)),
            Set.of(2),
            List.of(new Seat(user(1), 2, 7), new Seat(user(2), 1, 7))),
        0);
    assertThat(shards.figures().getLast().leaving()).isEqualTo(1);

    shards.move(_ -> false, 100);
    ShardChanges changes = shards.changes(100);

    assertThat(changes.seats()).containsExactly(new Seat(user(1), 1, 7));
    assertThat(changes.gone()).containsExactly(2);
  }

  @Test
  void anEndedShardGoesWithTheLastRowThatMayNameItHoweverManyOthersChange() {
    adopt();
    add(0, 13);
    shards.reshape(EMPTY, NOW, 0);
    shards.move(_ -> false, 100);
    shards.stored(shards.changes(100));
    forgetBut(4);
    shards.reshape(EMPTY, NOW.plus(Duration.ofDays(1)), QUIET);
    shards.move(_ -> false, 100);
    Set<UserKey> stale = new HashSet<>();
    ShardChanges round = shards.changes(0);
    for (Seat seat : shards.changes(100).seats()) {
      stale.add(seat.user());
    }
    stale.addAll(shards.changes(100).forgotten());
    assertThat(stale).hasSizeGreaterThan(4);

    // As many come as are stored, so that there is never a round that stores all.
    for (int fresh = 100; round.gone().isEmpty(); fresh += 4) {
      assertThat(fresh).isLessThan(200);
      add(fresh, fresh + 4);
      round = shards.changes(4);
      round.seats().forEach(seat -> stale.remove(seat.user()));
      round.forgotten().forEach(stale::remove);
      shards.stored(round);
    }

    assertThat(round.gone()).containsExactly(2);
    assertThat(stale).isEmpty();
    assertThat(shards.changes(100).seats()).isNotEmpty();
  }

  @Test
  void aYoungSplitOrOneWithManyUsersStands() {
    adopt();
    add(0, 13);
    shards.reshape(EMPTY, NOW, 0);
    shards.move(_ -> false, 100);

    shards.reshape(EMPTY, NOW.plus(Duration.ofDays(2)), QUIET);
    forgetBut(4);
    shards.reshape(EMPTY, NOW.plus(Duration.ofHours(23)), QUIET);

    assertThat(shards.anyLeaving()).isFalse();
    assertThat(shards.figures()).hasSize(2);
  }

  /** All but so many. */
  private void forgetBut(int left) {
    for (int i = 0; i < left; i++) {
      Objects.requireNonNull(shards.member(user(i), 9));
    }
    while (!shards.forgetBefore(9, _ -> false)) {
      // The next shard's turn.
    }
  }

  private Member memberOf(int shard) {
    return IntStream.range(0, 4)
        .mapToObj(i -> Objects.requireNonNull(shards.member(user(i), 9)))
        .filter(member -> member.shard() == shard)
        .findFirst()
        .orElseThrow();
  }

  private void adopt() {
    shards.adopt(Shards.NONE, 0);
  }

  private void add(int from, int until) {
    for (int i = from; i < until; i++) {
      Objects.requireNonNull(shards.member(user(i), 7));
    }
  }

  private static UserKey user(int number) {
    return new UserKey("acme", "user-" + number);
  }
}
