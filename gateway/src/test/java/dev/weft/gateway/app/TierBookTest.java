package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.TenantTier;
import dev.weft.gateway.domain.Tier;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TierBookTest {

  private static final Optional<TenantTier> BASIC = Optional.of(new TenantTier(Tier.BASIC, 1));
  private static final Optional<TenantTier> FREE = Optional.of(new TenantTier(Tier.FREE, 1));

  private final SettableTicker ticker = new SettableTicker();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final List<CompletableFuture<Optional<TenantTier>>> questions = new ArrayList<>();
  private final TierBook book = new TierBook(this::ask, ticker, (_, task) -> timers.add(task));

  private CompletionStage<Optional<TenantTier>> ask(String tenant) {
    CompletableFuture<Optional<TenantTier>> question = new CompletableFuture<>();
    questions.add(question);
    return question;
  }

  @Test
  void oneQuestionServesAllThatComeAndCountsForFiveSeconds() {
    CompletionStage<Optional<TenantTier>> first = book.of("acme");
    CompletionStage<Optional<TenantTier>> second = book.of("acme");
    questions.getFirst().complete(BASIC);
    ticker.advance(TierBook.FRESH.minusNanos(1));

    assertThat(first.toCompletableFuture()).isCompletedWithValue(BASIC);
    assertThat(second.toCompletableFuture()).isCompletedWithValue(BASIC);
    assertThat(book.of("acme").toCompletableFuture()).isCompletedWithValue(BASIC);
    assertThat(questions).hasSize(1);
  }

  @Test
  void whatIsOlderIsAskedForAnew() {
    know(BASIC);
    ticker.advance(TierBook.FRESH);

    CompletionStage<Optional<TenantTier>> next = book.of("acme");
    questions.getLast().complete(FREE);

    assertThat(questions).hasSize(2);
    assertThat(next.toCompletableFuture()).isCompletedWithValue(FREE);
    assertThat(book.of("acme").toCompletableFuture()).isCompletedWithValue(FREE);
  }

  @Test
  void aTierThatWasTakenAwayIsGone() {
    know(BASIC);
    ticker.advance(TierBook.FRESH);

    CompletionStage<Optional<TenantTier>> next = book.of("acme");
    questions.getLast().complete(Optional.empty());

    assertThat(next.toCompletableFuture()).isCompletedWithValue(Optional.empty());
  }

  @Test
  void aSlowAnswerIsNotWaitedForWhereAnOldOneIsKnown() {
    know(BASIC);
    ticker.advance(Duration.ofHours(1));

    CompletionStage<Optional<TenantTier>> asks = book.of("acme");
    CompletionStage<Optional<TenantTier>> meanwhile = book.of("acme");

    assertThat(asks.toCompletableFuture()).isNotDone();
    assertThat(meanwhile.toCompletableFuture()).isCompletedWithValue(BASIC);
    timers.remove().run();
    assertThat(asks.toCompletableFuture()).isCompletedWithValue(BASIC);
    questions.getLast().complete(FREE);
    assertThat(book.of("acme").toCompletableFuture()).isCompletedWithValue(FREE);
  }

  @Test
  void whileTheCellIsAwayTheLastCountsAndItIsAskedOnceASecond() {
    know(BASIC);
    ticker.advance(Duration.ofHours(1));

    CompletionStage<Optional<TenantTier>> next = book.of("acme");
    questions.getLast().completeExceptionally(new IllegalStateException("away"));

    assertThat(next.toCompletableFuture()).isCompletedWithValue(BASIC);
    assertThat(book.of("acme").toCompletableFuture()).isCompletedWithValue(BASIC);
    assertThat(questions).hasSize(2);
    ticker.advance(TierBook.PAUSE);
    book.of("acme");
    assertThat(questions).hasSize(3);
  }

  @Test
  void aTenantThatIsNotKnownIsNotTakenForOneWithoutALimit() {
    CompletionStage<Optional<TenantTier>> first = book.of("acme");
    questions.getFirst().completeExceptionally(new IllegalStateException("away"));

    assertThat(first.toCompletableFuture()).isCompletedExceptionally();
    book.of("acme");
    assertThat(questions).as("asked again at once").hasSize(2);
  }

  private void know(Optional<TenantTier> tier) {
    book.of("acme");
    questions.getLast().complete(tier);
  }
}
