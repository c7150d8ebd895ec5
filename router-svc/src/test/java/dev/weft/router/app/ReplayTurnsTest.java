package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.router.app.ReplayRefusal.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReplayTurnsTest {

  private final ReplayTurns turns = new ReplayTurns(Duration.ofMillis(200));
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void close() {
    gate.countDown();
    turns.close();
  }

  @Test
  void whoWaitsTooLongIsRefusedNeverBegunAndMayAskAgain() {
    CompletableFuture<Integer> first = held("acme");
    await().until(() -> begun.get() == 1);

    assertBusy(held("beta"), "replays before it: at work for PT0.2S (expected: none)");

    gate.countDown();
    assertThat(first.join()).isEqualTo(1);
    assertThat(held("beta").join()).isEqualTo(2);
  }

  @Test
  void theSecondOfATenantIsRefusedUntilTheFirstIsAnswered() {
    CompletableFuture<Integer> first = held("acme");

    assertBusy(held("acme"), "replays of acme: 1 under way (expected: none)");

    gate.countDown();
    first.join();
    assertThat(held("acme").join()).isEqualTo(2);
  }

  @Test
  void whatFailsGivesItsTurnOnAndOthersTheirs() {
    CompletionStage<Integer> broken =
        turns.take(
            "acme",
            () -> {
              throw new IllegalStateException("broken");
            });

    assertThatThrownBy(() -> broken.toCompletableFuture().join())
        .hasRootCauseInstanceOf(IllegalStateException.class);
    gate.countDown();
    assertThat(held("acme").join()).isEqualTo(1);
  }

  private CompletableFuture<Integer> held(String tenant) {
    return turns
        .take(
            tenant,
            () -> {
              int number = begun.incrementAndGet();
              try {
                gate.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return number;
            })
        .toCompletableFuture();
  }

  private static void assertBusy(CompletableFuture<Integer> refused, String message) {
    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOfSatisfying(
            ReplayRefusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.REPLAY_BUSY);
              assertThat(refusal).hasMessage(message);
            });
  }
}
