package dev.weft.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final Rounds rounds = new Rounds("test-rounds");

  @AfterEach
  void close() {
    rounds.close();
  }

  @Test
  void aRoundThatFailsIsFollowedByTheNext() {
    AtomicInteger begun = new AtomicInteger();
    rounds.every(
        SOON,
        () -> {
          if (begun.incrementAndGet() % 2 == 0) {
            throw new IOException("the disk is full");
          }
          throw new IllegalStateException("and more");
        });

    await().until(() -> begun.get() > 4);
  }

  @Test
  void whatIsUnderWayAtTheEndIsWaitedForAndNothingBeginsAfterIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicBoolean done = new AtomicBoolean();
    rounds.once(
        () -> {
          begun.countDown();
          interrupted.set(!patiently(goOn));
          done.set(true);
        });
    begun.await();
    goOn.countDown();
    rounds.finish(Duration.ofSeconds(30));
    rounds.once(() -> done.set(false));

    assertThat(done).isTrue();
    assertThat(interrupted).isFalse();
  }

  @Test
  void whatTakesTooLongAtTheEndIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    rounds.once(
        () -> {
          begun.countDown();
          interrupted.set(!patiently(new CountDownLatch(1)));
        });
    begun.await();
    rounds.finish(SOON);

    await().untilTrue(interrupted);
  }

  /** Whether it came, before somebody lost patience. */
  private static boolean patiently(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
