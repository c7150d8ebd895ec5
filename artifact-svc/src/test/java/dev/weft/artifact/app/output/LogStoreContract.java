package dev.weft.artifact.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.output.LogStore.Outcome;
import dev.weft.artifact.app.output.LogStore.Sign;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store of logs must do. A test has logs of its own. */
public abstract class LogStoreContract {

  protected static final Writer WRITER = new Writer("wkr_1", 7);
  private static final Owner A = new Owner("a", "127.0.0.1:1");
  private static final Owner B = new Owner("b", "127.0.0.1:2");

  private final LogKey key = new LogKey("acme", "tsk_" + UUID.randomUUID(), 1);

  protected abstract LogStore store();

  protected abstract LogUpkeep upkeep();

  /** Time passes for whoever looks for what is old. */
  protected abstract void age(UUID log, Duration duration);

  @Test
  void aLogIsMadeAtItsFirstTakingAndFoundByItsTenant() {
    LogRow taken = take(A);

    assertThat(taken.epoch()).isEqualTo(1);
    assertThat(taken.owner()).isEqualTo(A);
    assertThat(taken.durable()).isEqualTo(new LogEnd(0, 0));
    assertThat(taken.closed()).isFalse();
    assertThat(found()).contains(taken);
    assertThat(get(store().ofAttempt(key.taskId(), 1))).contains(taken);
    assertThat(get(store().find(new LogKey("other", key.taskId(), 1)))).isEmpty();
    assertThat(get(store().ofAttempt(key.taskId(), 2))).isEmpty();
  }

  @Test
  void everyTakingRaisesTheEpoch() {
    LogRow first = take(A);
    LogRow second = take(B);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.epoch()).isEqualTo(2);
    assertThat(second.owner()).isEqualTo(B);
    assertThat(take(B).epoch()).isEqualTo(3);
  }

  @Test
  void anotherWriterTakesNothing() {
    LogRow first = take(A);

    LogRow other = get(store().take(UUID.randomUUID(), key, new Writer("wkr_2", 7), B));
    LogRow newer = get(store().take(UUID.randomUUID(), key, new Writer("wkr_1", 8), B));

    assertThat(List.of(other, newer)).containsOnly(first);
    assertThat(found()).contains(first);
  }

  @Test
  void segmentsFollowEachOther() {
    LogRow log = take(A);

    assertThat(seal(log, 1, 10)).isEqualTo(Outcome.DONE);
    assertThat(seal(log, 11, 12)).isEqualTo(Outcome.DONE);
    assertThat(seal(log, 20, 21)).isEqualTo(Outcome.NOT_OWNER);
    assertThat(seal(log, 5, 30)).isEqualTo(Outcome.NOT_OWNER);

    assertThat(found().orElseThrow().durable()).isEqualTo(new LogEnd(12, 1_200));
    assertThat(segments(log, 0)).containsExactly(segment(1, 10), segment(11, 12));
    assertThat(segments(log, 9)).hasSize(2);
    assertThat(segments(log, 10)).containsExactly(segment(11, 12));
    assertThat(segments(log, 12)).isEmpty();
    assertThat(get(store().segments(log.id(), 0, 1))).containsExactly(segment(1, 10));
  }

  @Test
  void aRepeatedSealIsDoneAndChangesNothing() {
    LogRow log = take(A);
    seal(log, 1, 10);

    assertThat(seal(log, 1, 10)).isEqualTo(Outcome.DONE);

    assertThat(found().orElseThrow().durable()).isEqualTo(new LogEnd(10, 1_000));
  }

  @Test
  void anEarlierOwnerSealsNothing() {
    LogRow old = take(A);
    seal(old, 1, 10);
    LogRow current = take(B);

    assertThat(seal(old, 11, 20)).isEqualTo(Outcome.NOT_OWNER);
    assertThat(seal(old, 1, 10)).isEqualTo(Outcome.NOT_OWNER);
    assertThat(close(old, 10)).isEqualTo(Outcome.NOT_OWNER);
    assertThat(seal(current, 11, 11)).isEqualTo(Outcome.DONE);

    assertThat(segments(current, 0)).containsExactly(segment(1, 10), segment(11, 11));
  }

  @Test
  void ownersThatSealAtTheSameTimeNeverBothDo() {
    LogRow log = take(A);
    long next = 1;
    for (int round = 0; round < 20; round++) {
      CompletableFuture<Outcome> sealing =
          store().seal(log.id(), log.epoch(), segment(next, next)).toCompletableFuture();
      LogRow newer = take(round % 2 == 0 ? B : A);
      Outcome outcome = get(sealing);
      // Either it was in time, and the new owner knows, or it was not.
      assertThat(newer.sealed()).isEqualTo(outcome == Outcome.DONE ? next : next - 1);
      next = newer.sealed() + 1;
      log = newer;
    }
  }

  @Test
  void aClosedLogStaysAsItIs() {
    LogRow log = take(A);
    seal(log, 1, 10);
    assertThat(close(log, 9)).isEqualTo(Outcome.NOT_OWNER);

    assertThat(close(log, 10)).isEqualTo(Outcome.DONE);
    assertThat(close(log, 10)).isEqualTo(Outcome.DONE);

    assertThat(seal(log, 11, 12)).isEqualTo(Outcome.NOT_OWNER);
    LogRow again = take(B);
    assertThat(again.closed()).isTrue();
    assertThat(again.epoch()).isEqualTo(1);
    assertThat(again.end()).contains(new LogEnd(10, 1_000));
  }

  @Test
  void signsKeepALogAndTellWhoseEpochIsOver() {
    LogRow mine = take(A);
    LogRow other =
        get(
            store()
                .take(
                    UUID.randomUUID(),
                    new LogKey("acme", "tsk_" + UUID.randomUUID(), 1),
                    WRITER,
                    A));
    get(store().take(UUID.randomUUID(), other.key(), WRITER, B));
    age(mine.id(), Duration.ofMinutes(2));

    List<UUID> lost =
        get(store().sign(List.of(new Sign(mine.id(), 1, 25), new Sign(other.id(), 1, 3))));

    assertThat(lost).containsExactly(other.id());
    assertThat(found().orElseThrow().received()).isEqualTo(25);
    assertThat(ids(get(upkeep().abandoned(Duration.ofMinutes(1), 1_000))))
        .doesNotContain(mine.id());
    get(store().sign(List.of(new Sign(mine.id(), 1, 20))));
    assertThat(found().orElseThrow().received()).isEqualTo(25);
  }

  @Test
  void openLogsWithoutASignAreAbandoned() {
    LogRow log = take(A);
    assertThat(ids(get(upkeep().abandoned(Duration.ofMinutes(1), 1_000)))).doesNotContain(log.id());

    age(log.id(), Duration.ofMinutes(2));

    assertThat(ids(get(upkeep().abandoned(Duration.ofMinutes(1), 1_000)))).contains(log.id());
    close(log, 0);
    assertThat(ids(get(upkeep().abandoned(Duration.ofMinutes(1), 1_000)))).doesNotContain(log.id());
  }

  @Test
  void aClosedLogIsClaimedOnceAndArchivedOnce() {
    LogRow log = take(A);
    seal(log, 1, 10);
    seal(log, 11, 12);
    assertThat(claims()).doesNotContain(log.id());
    close(log, 12);
    assertThat(claims()).contains(log.id());
    assertThat(claims()).doesNotContain(log.id());
    Digest whole = digest("whole");

    get(upkeep().archived(log.id(), whole));
    get(upkeep().archived(log.id(), digest("again")));

    assertThat(segments(log, 0))
        .containsExactly(
            new StoredSegment(1, 10, whole, 0, 77, 1_000),
            new StoredSegment(11, 12, whole, 77, 77, 200));
  }

  @Test
  void oldLogsAreForgotten() {
    LogRow old = take(A);
    seal(old, 1, 10);
    close(old, 10);
    get(upkeep().sweep(Duration.ofDays(7), 100));
    assertThat(found()).isPresent();

    age(old.id(), Duration.ofDays(8));
    get(upkeep().sweep(Duration.ofDays(7), 100));

    assertThat(found()).isEmpty();
    assertThat(segments(old, 0)).isEmpty();
  }

  @Test
  void openLogsAreNeverForgotten() {
    LogRow log = take(A);
    age(log.id(), Duration.ofDays(8));

    get(upkeep().sweep(Duration.ofDays(7), 100));

    assertThat(found()).isPresent();
  }

  protected LogRow take(Owner owner) {
    return get(store().take(UUID.randomUUID(), key, WRITER, owner));
  }

  protected LogRow takeAny() {
    return take(A);
  }

  protected Outcome seal(LogRow log, long first, long last) {
    return get(store().seal(log.id(), log.epoch(), segment(first, last)));
  }

  protected Outcome close(LogRow log, long last) {
    return get(store().close(log.id(), log.epoch(), new LogEnd(last, 0)));
  }

  protected static StoredSegment segment(long first, long last) {
    return new StoredSegment(
        first, last, digest(first + "…" + last), 0, 77, (last - first + 1) * 100);
  }

  protected static Digest digest(String text) {
    return Digest.ofContent(text.getBytes(StandardCharsets.UTF_8));
  }

  private Optional<LogRow> found() {
    return get(store().find(key));
  }

  private List<StoredSegment> segments(LogRow log, long after) {
    return get(store().segments(log.id(), after, 100));
  }

  private List<UUID> claims() {
    List<UUID> claimed = new ArrayList<>();
    for (Optional<LogRow> log = claim(); log.isPresent(); log = claim()) {
      claimed.add(log.get().id());
    }
    return claimed;
  }

  private Optional<LogRow> claim() {
    return get(upkeep().claimUnarchived(Duration.ofMinutes(10)));
  }

  private static List<UUID> ids(List<LogRow> rows) {
    return rows.stream().map(LogRow::id).toList();
  }

  protected static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
