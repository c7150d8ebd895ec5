package dev.weft.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.platform.lifecycle.GracefulStop.Outcome;
import dev.weft.platform.lifecycle.GracefulStop.Result;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GracefulStopTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<String> done = new CopyOnWriteArrayList<>();

  @Test
  void runsTheStepsInOrderAndSaysHowLongEachTook() {
    SettableTicker ticker = new SettableTicker();
    GracefulStop stop =
        GracefulStop.builder()
            .ticker(ticker)
            .step("drain", LONG, () -> ticker.advance(Duration.ofSeconds(3)))
            .step("close", LONG, () -> done.add("close"))
            .build();

    assertThat(stop.run())
        .containsExactly(
            new Outcome("drain", Result.DONE, Duration.ofSeconds(3)),
            new Outcome("close", Result.DONE, Duration.ZERO));
    assertThat(done).containsExactly("close");
  }

  @Test
  void aFailedStepDoesNotKeepTheNextFromRunning() {
    GracefulStop stop =
        GracefulStop.builder()
            .step(
                "drain",
                LONG,
                () -> {
                  throw new IllegalStateException("as the test wants");
                })
            .step("release", LONG, () -> done.add("release"))
            .build();

    assertThat(stop.run()).extracting(Outcome::result).containsExactly(Result.FAILED, Result.DONE);
    assertThat(done).containsExactly("release");
  }

  @Test
  void aStepThatDoesNotEndIsInterruptedAtItsDeadline() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    GracefulStop stop =
        GracefulStop.builder()
            .step(
                "drain",
                Duration.ofMillis(50),
                () -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                })
            .step("close", LONG, () -> done.add("close"))
            .build();

    assertThat(stop.run())
        .extracting(Outcome::result)
        .containsExactly(Result.TIMED_OUT, Result.DONE);
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(done).containsExactly("close");
  }

  @Test
  void aSecondCallerWaitsForTheFirstRun() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    GracefulStop stop =
        GracefulStop.builder()
            .step(
                "drain",
                LONG,
                () -> {
                  done.add("drain");
                  started.countDown();
                  finish.await();
                })
            .build();
    CompletableFuture<List<Outcome>> first = CompletableFuture.supplyAsync(stop::run);
    started.await();
    CompletableFuture<List<Outcome>> second = CompletableFuture.supplyAsync(stop::run);
    finish.countDown();

    assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
    assertThat(done).containsExactly("drain");
  }

  @Test
  void refusesAStepWithoutTime() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GracefulStop.builder().step("drain", Duration.ZERO, () -> {}))
        .withMessageContaining("deadline of drain: PT0S");
  }
}
