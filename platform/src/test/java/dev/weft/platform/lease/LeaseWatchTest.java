package dev.weft.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
  private static final Duration SILENCE = Duration.ofMillis(2500);
  private static final Duration POLL = Duration.ofMillis(250);

  private final LeaseWatch watch = new LeaseWatch("me", SILENCE, POLL);

  @Test
  void freeLeaseIsTakenAtOnce() {
    assertThat(watch.mayTake(row(3, "", 7), 0)).isTrue();
  }

  @Test
  void silentHolderIsReplacedAfterTheSilence() {
    assertThat(lookEvery(250, 0, 2499, 7)).isFalse();
    assertThat(watch.mayTake(row(3, "other", 7), millis(2500))).isTrue();
  }

  @Test
  void everyBeatBeginsTheSilenceAnew() {
    for (int beat = 0; beat < 20; beat++) {
      assertThat(lookEvery(250, beat * 2000L, beat * 2000L + 1999, beat)).isFalse();
    }
  }

  @Test
  void timeInWhichReadsFailedDoesNotCount() {
    lookEvery(250, 0, 2400, 7);
    watch.forget();
    assertThat(lookEvery(250, 2500, 4999, 7)).isFalse();
    assertThat(watch.mayTake(row(3, "other", 7), millis(5000))).isTrue();
  }

  @Test
  void timeInWhichThisProcessStoodStillDoesNotCount() {
    lookEvery(250, 0, 1000, 7);
    assertThat(watch.mayTake(row(3, "other", 7), millis(60_000))).isFalse();
    assertThat(lookEvery(250, 60_250, 62_499, 7)).isFalse();
    assertThat(watch.mayTake(row(3, "other", 7), millis(62_500))).isTrue();
  }

  @Test
  void leaseOfItsOwnPreviousLifeIsTakenOnTheFirstLook() {
    assertThat(watch.mayTake(row(3, "me", 7), 0)).isTrue();
  }

  @Test
  void leaseUnderItsOwnNameIsRespectedLater() {
    watch.mayTake(row(3, "other", 7), 0);
    assertThat(watch.mayTake(row(4, "me", 8), millis(250))).isFalse();
  }

  private boolean lookEvery(long step, long from, long to, long beat) {
    boolean any = false;
    for (long at = from; at <= to; at += step) {
      any |= watch.mayTake(row(3, "other", beat), millis(at));
    }
    return any;
  }

  private static LeaseRow row(long epoch, String holder, long beat) {
    return new LeaseRow(epoch, holder, "", beat);
  }

  private static long millis(long value) {
    return Duration.ofMillis(value).toNanos();
  }
}
