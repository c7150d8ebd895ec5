package dev.weft.router.domain.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.shard.Shard.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserShardsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final ShardMemory EMPTY = new Memory(0, 0);

  private final UserShards shards = new UserShards(new ShardPolicy(10, 0.8, 2));

  @Test
  void whatWasStoredIsToldOnceAndWhatChangedMeanwhileAgain() {
    adopt(shards);
    add(shards, 0, 3);
    ShardChanges first = shards.changes(100);
    assertThat(first.seats()).hasSize(3);
    assertThat(first.version()).isEqualTo(1);

    Objects.requireNonNull(shards.member(user(1), 8));
    shards.stored(first);

    assertThat(shards.changes(100).seats()).containsExactly(new Seat(user(1), 1, 8));
    assertThat(shards.changes(100).version()).isEqualTo(3);
    shards.stored(shards.changes(100));
    assertThat(shards.changes(100).isEmpty()).isTrue();
  }

  @Test
  void aRoundStoresNoMoreThanItMayAndTheRestComesNext() {
    adopt(shards);
    add(shards, 0, 12);
    ShardChanges first = shards.changes(5);
    shards.stored(first);
    ShardChanges second = shards.changes(5);
    shards.stored(second);

    assertThat(first.seats()).hasSize(5).doesNotContainAnyElementsOf(second.seats());
    assertThat(shards.changes(5).seats()).hasSize(2);
  }

  @Test
  void whoCameBeforeTheStoredOnesWereReadGoesWhereItsRowSays() {
    Member early = add(shards, 4, 5);
    assertThat(early.shard()).isZero();
    assertThat(shards.changes(100).isEmpty()).isTrue();

    shards.adopt(
        Shards.stored(
            9,
            List.of(new Shard(2, 1, Reason.USERS, NOW)),
            List.of(new Seat(user(4), 2, 6), new Seat(user(5), 1, 6))),
        0);

    assertThat(early.shard()).isEqualTo(2);
    // Heard of later than its row says.
    assertThat(shards.changes(100).seats()).containsExactly(new Seat(user(4), 2, 7));
    assertThat(shards.version()).isEqualTo(10);
    assertThat(shards.figures()).extracting(ShardFigures::users).containsExactly(1, 1);
  }

  @Test
  void rowsThatNameAShardThatIsNotThereAreRefusedAsAWhole() {
    assertThatThrownBy(() -> Shards.stored(1, List.of(), List.of(new Seat(user(1), 2, 7))))
        .hasMessage("a user's shard: 2 (expected: one that is stored)");
  }

  @Test
  void whoeverWasNotHeardOfForLongIsForgottenUnlessBusy() {
    adopt(shards);
    add(shards, 0, 3);
    shards.stored(shards.changes(100));
    Member back = Objects.requireNonNull(shards.member(user(2), 9));

    assertThat(shards.forgetBefore(9, member -> member.key().equals(user(1)))).isTrue();

    assertThat(shards.changes(100).forgotten()).containsExactly(user(0));
    assertThat(shards.figures().getFirst().users()).isEqualTo(2);
    assertThat(shards.member(user(2), 9)).isSameAs(back);
  }

  @Test
  void whoeverComesBackBeforeItsRowIsDeletedHasARowAgain() {
    adopt(shards);
    add(shards, 0, 1);
    shards.stored(shards.changes(100));
    shards.forgetBefore(9, _ -> false);

    add(shards, 0, 1);

    assertThat(shards.changes(100).forgotten()).isEmpty();
    assertThat(shards.changes(100).seats()).hasSize(1);
  }

  @Test
  void ofTooManyUsersTheLastHaveNoShard() {
    UserShards few = new UserShards(ShardPolicy.STANDARD, 4);
    adopt(few);
    add(few, 0, 2);

    assertThat(few.member(user(2), 7)).isNull();
    assertThat(few.member(user(1), 7)).isNotNull();
  }

  @Test
  void aTenantWithManyUsersLeavesPlacesForThoseOfOthers() {
    UserShards few = new UserShards(ShardPolicy.STANDARD, 100);
    adopt(few);
    for (int i = 0; i < 100; i++) {
      few.member(new UserKey("many", "u" + i), 7);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(few.member(new UserKey("others", "u" + i), 7)).isNotNull();
    }
    assertThat(few.member(new UserKey("many", "u99"), 7)).isNull();

    few.forgetBefore(8, _ -> false);
    assertThat(few.member(new UserKey("many", "u99"), 8)).isNotNull();
  }

  @Test
  void manyAtOnceAreSplitUntilNoShardIsTooLarge() {
    adopt(shards);
    add(shards, 0, 100);

    shards.reshape(EMPTY, NOW, 0);
    shards.move(_ -> false, 1_000);

    assertThat(shards.figures()).allSatisfy(one -> assertThat(one.users()).isBetween(1, 12));
    assertThat(shards.figures().stream().mapToInt(ShardFigures::users).sum()).isEqualTo(100);
    assertThat(shards.figures().getFirst().splits()).isPositive();
  }

  @Test
  void fullMemorySplitsOnceThenWaitsForTheSplitToTakeEffect() {
    adopt(shards);
    add(shards, 0, 8);
    Memory full = new Memory(0.9, 0.5);
    shards.reshape(full, NOW, 0);
    assertThat(shards.figures()).hasSize(1);

    long quiet = Duration.ofMinutes(10).toNanos();
    shards.reshape(full, NOW, quiet);
    shards.reshape(full, NOW, quiet + 1);

    assertThat(shards.figures())
        .extracting(one -> one.shard().reason())
        .containsExactly(Reason.FIRST, Reason.MEMORY);
    assertThat(shards.anyLeaving()).isTrue();
  }

  @Test
  void inPartsAUserWithoutARowYetIsNowhereAndNobodyMovesBeforeTheLast() {
    Member early = add(shards, 4, 5);
    Member fresh = add(shards, 99, 100);
    List<Shard> split = List.of(new Shard(2, 1, Reason.USERS, NOW));
    List<Seat> seats = IntStream.range(0, 6).mapToObj(i -> new Seat(user(i), 2, 6)).toList();
    List<StoredShards> parts = Shards.stored(9, split, seats).parts(2);
    assertThat(parts).hasSize(3);

    shards.adopt(parts.get(0), 0);
    // As after a failure: what came is told again.
    shards.adopt(parts.get(0), 0);
    assertThat(shards.adopted()).isFalse();
    assertThat(early.shard()).isZero();
    assertThat(Objects.requireNonNull(shards.member(user(1), 7)).shard()).isEqualTo(2);
    assertThat(shards.changes(100).isEmpty()).isTrue();

    shards.adopt(parts.get(1), 0);
    shards.adopt(parts.get(2), 0);

    assertThat(shards.adopted()).isTrue();
    assertThat(early.shard()).isEqualTo(2);
    assertThat(fresh.shard()).isIn(1, 2);
    assertThat(shards.figures().stream().mapToInt(ShardFigures::users).sum()).isEqualTo(7);
  }

  @Test
  void ofVeryManyWhoCameBeforeSomeAtATimeGoToTheirPlaces() {
    add(shards, 0, 1_500);
    adopt(shards);
    assertThat(shards.figures().getFirst().users()).isEqualTo(1_000);

    shards.settle();

    assertThat(shards.figures().getFirst().users()).isEqualTo(1_500);
  }

  @Test
  void aBusyOnesTurnComesAgainAfterTheOthers() {
    adopt(shards);
    add(shards, 0, 13);
    shards.reshape(EMPTY, NOW, 0);
    int leaving = shards.figures().getFirst().leaving();
    assertThat(leaving).isGreaterThan(2);

    assertThat(shards.move(_ -> true, 2)).isZero();
    assertThat(shards.move(_ -> false, leaving - 2)).isEqualTo(leaving - 2);
    assertThat(shards.figures().getFirst().leaving()).isEqualTo(2);
  }

  @Test
  void aTenantsUsersAreForgottenWithWhatWasToBeStoredOfThem() {
    adopt(shards);
    add(shards, 0, 13);
    UserKey other = new UserKey("globex", "ada");
    shards.reshape(EMPTY, NOW, 0);
    shards.member(other, 7);

    shards.forget("acme");

    assertThat(shards.anyLeaving()).isFalse();
    assertThat(shards.figures().stream().mapToInt(ShardFigures::users).sum()).isEqualTo(1);
    assertThat(shards.changes(100).seats()).extracting(Seat::user).containsExactly(other);
    assertThat(shards.changes(100).forgotten())
        .hasSize(13)
        .allSatisfy(user -> assertThat(user.tenant()).isEqualTo("acme"));
  }

  @Test
  void whoseTenantIsErasedBeforeItsPartIsAdoptedStaysForgotten() {
    Seat other = new Seat(new UserKey("globex", "ada"), 1, 7);
    List<Seat> seats =
        List.of(new Seat(user(1), 1, 7), new Seat(user(2), 1, 7), new Seat(user(3), 1, 7), other);
    List<StoredShards> parts = Shards.stored(3, List.of(), seats).parts(1);
    shards.adopt(parts.get(0), 0);

    shards.forget("acme");
    Member back = add(shards, 2, 3);
    parts.subList(1, 4).forEach(part -> shards.adopt(part, 0));

    assertThat(back.shard()).isEqualTo(1);
    assertThat(shards.figures().getFirst().users()).isEqualTo(2);
    assertThat(shards.changes(100).forgotten()).containsExactly(user(1), user(3));
  }

  private static void adopt(UserShards shards) {
    shards.adopt(Shards.NONE, 0);
  }

  /** The first of them. */
  private static Member add(UserShards shards, int from, int until) {
    for (int i = from; i < until; i++) {
      Objects.requireNonNull(shards.member(user(i), 7));
    }
    return Objects.requireNonNull(shards.member(user(from), 7));
  }

  private static UserKey user(int number) {
    return new UserKey("acme", "user-" + number);
  }

  private record Memory(double full, double others) implements ShardMemory {

    @Override
    public double of(int shard) {
      return full;
    }

    @Override
    public double beside(int shard) {
      return others;
    }
  }
}
