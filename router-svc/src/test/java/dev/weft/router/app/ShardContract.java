package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.shard.Seat;
import dev.weft.router.domain.shard.Shard;
import dev.weft.router.domain.shard.Shard.Reason;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.ShardTree;
import dev.weft.router.domain.shard.Shards;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.shard.UserKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of shards keeps. */
public abstract class ShardContract {

  private static final Instant TIME = Instant.parse("2026-03-01T10:20:30.123Z");
  private static final Shard SECOND = new Shard(2, 1, Reason.USERS, TIME);
  private static final Shard THIRD = new Shard(3, 2, Reason.MEMORY, TIME.plusSeconds(1));
  private static final UserKey ADA = new UserKey("acme", "ada");
  private static final UserKey OTHER_ADA = new UserKey("globex", "ada");

  private CellFixture cell;
  private ShardBook book;
  private long epoch;

  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    cell = emptyCell();
    book = cell.shards();
    epoch = cell.raiseEpoch();
  }

  @Test
  void aFreshCellHasNone() {
    assertThat(book.load()).isEqualTo(Shards.NONE);
  }

  @Test
  void whatIsSavedIsLoadedAsItWas() {
    save(4, List.of(SECOND, THIRD), List.of(), new Seat(ADA, 1, 20_000), seat(OTHER_ADA, 3));

    StoredShards stored = book.load();

    assertThat(stored.version()).isEqualTo(4);
    assertThat(stored.split()).containsExactly(SECOND, THIRD);
    assertThat(stored.seats())
        .containsExactlyInAnyOrder(new Seat(ADA, 1, 20_000), seat(OTHER_ADA, 3));
  }

  @Test
  void aUserHasOneRowWhereverItMoves() {
    save(1, List.of(SECOND), List.of(), seat(ADA, 1), seat(OTHER_ADA, 1));
    save(2, List.of(), List.of(), seat(ADA, 2));

    assertThat(book.load().seats()).containsExactlyInAnyOrder(seat(ADA, 2), seat(OTHER_ADA, 1));
  }

  @Test
  void whoIsForgottenHasNoRowUnlessItIsBack() {
    save(1, List.of(), List.of(), seat(ADA, 1), seat(OTHER_ADA, 1));
    save(2, List.of(), List.of(ADA, OTHER_ADA), seat(ADA, 1));

    assertThat(book.load().seats()).containsExactly(seat(ADA, 1));
  }

  @Test
  void savingAgainDoesNoHarm() {
    save(1, List.of(SECOND), List.of(), seat(ADA, 2));
    save(2, List.of(SECOND), List.of(), seat(ADA, 2));

    assertThat(book.load()).isEqualTo(Shards.stored(2, List.of(SECOND), List.of(seat(ADA, 2))));
  }

  @Test
  void whatHasEndedIsKnownAsLongAsARowNamesIt() {
    save(1, List.of(SECOND, THIRD), List.of(), seat(ADA, 3), seat(OTHER_ADA, 1));
    ShardChanges end = end(2, List.of(3), List.of());
    book.save(epoch, end);
    book.save(epoch, end);
    StoredShards during = book.load();
    assertThat(during.tree()).isEqualTo(tree(List.of(SECOND, THIRD), Set.of(3)));
    assertThat(during.seats()).containsExactlyInAnyOrder(seat(ADA, 3), seat(OTHER_ADA, 1));

    book.save(
        epoch,
        new ShardChanges(3, List.of(), List.of(), List.of(), List.of(seat(ADA, 2)), List.of(3)));
    book.save(epoch, end(4, List.of(2), List.of()));

    StoredShards stored = book.load();
    assertThat(stored.tree()).isEqualTo(tree(List.of(SECOND), Set.of(2)));
    assertThat(stored.seats()).containsExactlyInAnyOrder(seat(ADA, 2), seat(OTHER_ADA, 1));
  }

  @Test
  void aThousandUsersAtOnce() {
    Seat[] seats =
        IntStream.range(0, 1_000)
            .mapToObj(i -> seat(new UserKey("acme", "ü" + i), 1))
            .toArray(Seat[]::new);
    save(1, List.of(), List.of(), seats);

    assertThat(book.load().seats()).containsExactlyInAnyOrder(seats);
  }

  @Test
  void aPlacerOfThePastWritesNothing() {
    save(1, List.of(), List.of(), seat(ADA, 1));
    long before = epoch;
    cell.raiseEpoch();

    assertThatThrownBy(
            () ->
                book.save(
                    before,
                    Shards.changes(2, List.of(SECOND), List.of(ADA), List.of(seat(ADA, 2)))))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThat(book.load()).isEqualTo(Shards.stored(1, List.of(), List.of(seat(ADA, 1))));
  }

  private void save(long version, List<Shard> shards, List<UserKey> forgotten, Seat... seats) {
    book.save(epoch, Shards.changes(version, shards, forgotten, List.of(seats)));
  }

  private static ShardTree tree(List<Shard> shards, Set<Integer> ended) {
    return new StoredShards(1, shards, ended, List.of()).tree();
  }

  private static ShardChanges end(long version, List<Integer> ended, List<Integer> gone) {
    return new ShardChanges(version, List.of(), ended, List.of(), List.of(), gone);
  }

  private static Seat seat(UserKey user, int shard) {
    return new Seat(user, shard, 20_000);
  }
}
