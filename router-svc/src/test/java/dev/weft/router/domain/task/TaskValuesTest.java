package dev.weft.router.domain.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskValuesTest {

  @Test
  void anUrgencyComesBackFromItsNumberAndADeadlineIsKeptToOnePartIn16RoundedUp() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      long wanted = random.nextLong(Urgency.MOST_DEADLINE_MILLIS >> random.nextInt(30)) + 1;
      Urgency urgency = new Urgency(PriorityClass.of(random.nextInt(7)), wanted);
      assertThat(urgency.deadlineMillis()).isBetween(wanted, wanted + wanted / 16 + 1);
      assertThat(urgency.pack()).isBetween(0, (1 << 13) - 1);
      assertThat(Urgency.unpack(urgency.pack())).isEqualTo(urgency);
      assertThat(Urgency.deadlineMillis(urgency.priority(), urgency.deadlineCode()))
          .isEqualTo(urgency.deadlineMillis());
    }
    assertThat(Urgency.of(PriorityClass.P0).pack()).isZero();
    assertThat(Urgency.deadlineMillis(PriorityClass.P0, 0)).isEqualTo(200);
    assertThat(Urgency.deadlineMillis(PriorityClass.P6, 0)).isEqualTo(300_000);
  }

  @Test
  void anUrgencyRefusesADeadlineThatItCannotKeep() {
    long most = Urgency.MOST_DEADLINE_MILLIS;
    assertThatThrownBy(() -> new Urgency(PriorityClass.P2, most + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline: " + (most + 1));
  }

  @Test
  void retryTermsSurviveBeingPackedIntoOneNumber() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      RetryTerms terms =
          new RetryTerms(
              random.nextInt(RetryTerms.MOST_RETRIES + 1),
              random.nextBoolean(),
              random.nextLong(RetryTerms.MOST_BACKOFF_MILLIS + 1),
              random.nextLong(RetryTerms.MOST_BACKOFF_MILLIS + 1));
      assertThat(RetryTerms.unpack(terms.pack())).isEqualTo(terms);
    }
  }

  @Test
  void retryTermsOutOfBoundsAreRefusedByName() {
    assertThatThrownBy(() -> new RetryTerms(21, true, 0, 0))
        .hasMessage("max_retries: 21 (expected: 0..20)");
    assertThatThrownBy(() -> new RetryTerms(0, true, -1, 0))
        .hasMessageStartingWith("initial_backoff: -1 ms");
  }

  @Test
  void byDefaultThereAreThreeRetriesFrom2Seconds() {
    assertThat(RetryTerms.DEFAULT).isEqualTo(new RetryTerms(3, true, 2_000, 300_000));
  }

  @Test
  void classesExpireAfter5Minutes1HourAnd24Hours() {
    assertThat(PriorityClass.P0.defaultExpiry()).isEqualTo(Duration.ofMinutes(5));
    assertThat(PriorityClass.P1.defaultExpiry()).isEqualTo(Duration.ofMinutes(5));
    assertThat(PriorityClass.P2.defaultExpiry()).isEqualTo(Duration.ofHours(1));
    assertThat(PriorityClass.P4.defaultExpiry()).isEqualTo(Duration.ofHours(1));
    assertThat(PriorityClass.P5.defaultExpiry()).isEqualTo(Duration.ofHours(24));
    assertThat(PriorityClass.P6.defaultExpiry()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void idsSortAsTheirTextDoes() {
    TaskId early = TaskId.of(UUID.fromString("019ca6b1-e01a-7000-8000-000000000000"));
    TaskId late = TaskId.of(UUID.fromString("f19ca6b1-e01a-7000-8000-000000000000"));
    assertThat(early).isLessThan(late);
    assertThat(early.mintedAtMillis()).isEqualTo(0x019ca6b1e01aL);
    assertThat(early.bucket()).isEqualTo(0x019ca6b1e01aL / 60_000);
    assertThat(TaskId.of(late.uuid())).isEqualTo(late);
  }

  @Test
  void aDocumentNeverPrintsItsBytes() {
    assertThat(Document.of("secret".getBytes(UTF_8)).toString()).isEqualTo("Document[6 bytes]");
    assertThat(Document.of("a".getBytes(UTF_8))).isEqualTo(Document.of("a".getBytes(UTF_8)));
  }

  @Test
  void statesFromSucceededOnAreFinal() {
    for (TaskState state : TaskState.values()) {
      assertThat(TaskState.of(state.code())).isEqualTo(state);
      assertThat(state.terminal()).isEqualTo(state.code() >= 5);
    }
  }
}
