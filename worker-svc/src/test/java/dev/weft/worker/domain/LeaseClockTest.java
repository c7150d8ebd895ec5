package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseClockTest {

  private static final AttemptKey A = new AttemptKey("tsk_a", 1, 1);
  private static final AttemptKey B = new AttemptKey("tsk_b", 1, 2);

  private final LeaseClock leases = new LeaseClock(Duration.ofSeconds(10));

  @Test
  void attemptWithoutRenewalIsLostOneSecondBeforeItsLeaseEnds() {
    leases.granted(A, seconds(0));

    assertThat(leases.lost(seconds(9) - 1)).isEmpty();
    assertThat(leases.lost(seconds(9))).containsExactly(A);
  }

  @Test
  void leaseCountsFromWhenTheRenewalWasSentNotFromItsAnswer() {
    leases.granted(A, seconds(0));
    long number = leases.renewing(List.of(A), seconds(5));

    leases.acknowledged(number);

    assertThat(leases.lost(seconds(14) - 1)).isEmpty();
    assertThat(leases.lost(seconds(14))).containsExactly(A);
  }

  @Test
  void unansweredRenewalRenewsNothing() {
    leases.granted(A, seconds(0));
    leases.renewing(List.of(A), seconds(8));

    assertThat(leases.lost(seconds(9))).containsExactly(A);
  }

  @Test
  void renewalRenewsOnlyWhatItNames() {
    leases.granted(A, seconds(0));
    leases.granted(B, seconds(0));

    leases.acknowledged(leases.renewing(List.of(B), seconds(5)));

    assertThat(leases.lost(seconds(9))).containsExactly(A);
  }

  @Test
  void renewalOfAnEndedStreamIsNotAcknowledgedByALaterNumber() {
    leases.granted(A, seconds(0));
    leases.renewing(List.of(A), seconds(5));
    leases.disconnected();

    leases.acknowledged(1);

    assertThat(leases.lost(seconds(9))).containsExactly(A);
  }

  @Test
  void adoptionRenewsFromTheHello() {
    leases.granted(A, seconds(0));

    leases.adopted(A, seconds(7));

    assertThat(leases.lost(seconds(16) - 1)).isEmpty();
    assertThat(leases.lost(seconds(16))).containsExactly(A);
  }

  @Test
  void adoptionOfAnAttemptThatIsOverHoldsNothing() {
    leases.adopted(A, seconds(0));

    assertThat(leases.lost(seconds(1000))).isEmpty();
  }

  @Test
  void releasedAttemptIsNeverLost() {
    leases.granted(A, seconds(0));
    leases.released(A);

    assertThat(leases.lost(seconds(1000))).isEmpty();
  }

  @Test
  void oldAcknowledgementNeverShortensALease() {
    leases.granted(A, seconds(0));
    long first = leases.renewing(List.of(A), seconds(1));
    leases.adopted(A, seconds(6));

    leases.acknowledged(first);

    assertThat(leases.lost(seconds(14))).isEmpty();
  }

  @Test
  void leaseAsShortAsTheMarginIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> leases.ttl(Duration.ofSeconds(1)))
        .withMessageContaining("PT1S");
  }

  private static long seconds(long value) {
    return Duration.ofSeconds(value).toNanos();
  }
}
