package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KeeperRoundsTest {

  @Test
  void aRoundThatFailsIsFollowedByTheNext() throws InterruptedException {
    CountDownLatch twice = new CountDownLatch(2);
    try (KeeperRounds rounds =
        new KeeperRounds(
            "rounds-test",
            "it is not done",
            () -> {
              twice.countDown();
              throw new IllegalStateException("broken");
            })) {
      rounds.start();

      assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
