package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptResult.Report;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultOutboxTest {

  private final ResultOutbox outbox = new ResultOutbox(3, 1_000_000);

  @Test
  void resultIsSentOncePerStreamAndKeptUntilSettled() {
    outbox.add(result(1));

    assertThat(outbox.nextUnsent(1000)).extracting(r -> r.key().fence()).containsExactly(1L);
    assertThat(outbox.nextUnsent(1000)).isEmpty();
    assertThat(outbox.isEmpty()).isFalse();
    outbox.resendAll();
    assertThat(outbox.nextUnsent(1000)).hasSize(1);
  }

  @Test
  void settledResultIsForgotten() {
    outbox.add(result(1));
    outbox.acknowledged(List.of(key(1), key(2)));

    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.nextUnsent(1000)).isEmpty();
  }

  @Test
  void batchIsBoundedButNeverEmpty() {
    outbox.add(result(1));
    outbox.add(result(2));

    assertThat(outbox.nextUnsent(1)).hasSize(1);
    assertThat(outbox.nextUnsent(1)).hasSize(1);
    assertThat(outbox.nextUnsent(1)).isEmpty();
  }

  @Test
  void repeatedAssignmentGetsItsResultAgain() {
    outbox.add(result(1));
    outbox.nextUnsent(1000);

    assertThat(outbox.resend(key(1))).isTrue();
    assertThat(outbox.resend(key(1))).isTrue();
    assertThat(outbox.resend(key(9))).isFalse();
    assertThat(outbox.nextUnsent(1000)).hasSize(1);
  }

  @Test
  void fullByCountOrByBytes() {
    outbox.add(result(1));
    outbox.add(result(2));
    assertThat(outbox.isFull()).isFalse();
    outbox.add(result(3));
    assertThat(outbox.isFull()).isTrue();

    ResultOutbox small = new ResultOutbox(100, 10_000);
    small.add(large(1));
    assertThat(small.isFull()).isTrue();
    small.acknowledged(List.of(key(1)));
    assertThat(small.isFull()).isFalse();
  }

  private static AttemptKey key(long fence) {
    return new AttemptKey("tsk_x", 1, fence);
  }

  private static AttemptResult result(long fence) {
    return AttemptResult.succeeded(key(fence), Report.EMPTY);
  }

  private static AttemptResult large(long fence) {
    CapturedOutput output =
        new CapturedOutput(new byte[9000], new byte[9000], new byte[0], false, false, 9000);
    return AttemptResult.succeeded(
        key(fence), new Report(0, output, Duration.ZERO, Duration.ZERO, 0));
  }
}
