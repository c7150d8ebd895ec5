package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may have what for the work it holds: only by the very lease, and only while it is held. */
class HeldLeaseTest {

  private final CellFixture mesh = new CellFixture();
  private final TestLink link = mesh.join(1, 2);

  @BeforeEach
  void submit() {
    mesh.submit();
    mesh.commit();
  }

  @Test
  void theWorkerThatHoldsItIsToldTheTenantAndTheSpec() {
    var held = mesh.cell.view().held(link.worker, link.last()).orElseThrow();

    assertThat(held.tenant()).isEqualTo("acme");
    assertThat(held.spec().orElseThrow().task()).isEqualTo(link.last().task());
  }

  @Test
  void anotherWorkerFenceOrNumberHoldsNothing() {
    AttemptKey key = link.last();

    assertThat(held(Workers.id(2), key)).isFalse();
    assertThat(held(link.worker, new AttemptKey(key.task(), key.attempt(), key.fence() + 1)))
        .isFalse();
    assertThat(held(link.worker, new AttemptKey(key.task(), key.attempt() + 1, key.fence())))
        .isFalse();
    assertThat(held(link.worker, new AttemptKey(mesh.newId(), key.attempt(), key.fence())))
        .isFalse();
    assertThat(held(link.worker, key)).isTrue();
  }

  @Test
  void itEndsWithTheAttempt() {
    AttemptKey key = link.last();

    mesh.succeed(link, key);

    assertThat(held(link.worker, key)).isFalse();
  }

  @Test
  void itGoesOnWhileTheTaskIsBeingCancelledSinceItsOutputIsStillComing() {
    AttemptKey key = link.last();

    mesh.cancel(key.task());

    assertThat(held(link.worker, key)).isTrue();
  }

  @Test
  void itEndsWithItsTimeEvenBeforeAnybodyLooked() {
    AttemptKey key = link.last();

    mesh.cell.now(mesh.nanos() + Duration.ofSeconds(11).toNanos());

    assertThat(held(link.worker, key)).isFalse();
  }

  @Test
  void theLogOfAnEndedAttemptMayBeFinishedForTenMinutes() {
    AttemptKey key = link.last();

    mesh.succeed(link, key);
    mesh.commit();

    assertThat(logTenant(link.worker, key)).contains("acme");
    assertThat(logTenant(Workers.id(2), key)).isEmpty();
    assertThat(logTenant(link.worker, new AttemptKey(key.task(), key.attempt(), key.fence() + 1)))
        .isEmpty();
    mesh.cell.now(mesh.nanos() + EndedAttempts.KEEP.toNanos() + 1);
    assertThat(logTenant(link.worker, key)).isEmpty();
  }

  @Test
  void theLogOfAnAttemptWhoseLeaseRanOutMayBeFinished() {
    AttemptKey key = link.last();

    mesh.cell.now(mesh.nanos() + Duration.ofSeconds(11).toNanos());

    assertThat(logTenant(link.worker, key)).contains("acme");
  }

  @Test
  void theOldestEndedAttemptsGoFirst() {
    EndedAttempts ended = new EndedAttempts(2, EndedAttempts.KEEP);
    Attempt attempt = mesh.cell.core().tasks.get(link.last().task()).attempt();
    for (int number = 1; number <= 3; number++) {
      ended.add(new Attempt(attempt.task, number, number, attempt.worker));
    }

    assertThat(ended.tenant(link.worker, key(attempt, 1), 0)).isEmpty();
    assertThat(ended.tenant(link.worker, key(attempt, 2), 0)).contains("acme");
    assertThat(ended.tenant(link.worker, key(attempt, 3), 0)).contains("acme");
    ended.forgetOld(EndedAttempts.KEEP.toNanos() + 1);
    assertThat(ended.tenant(link.worker, key(attempt, 3), 0)).isEmpty();
  }

  @Test
  void anAttemptIsToldFromTheOthersOfItsTaskAndOfOtherTasks() {
    EndedAttempts ended = new EndedAttempts(5_000, EndedAttempts.KEEP);
    Attempt attempt = mesh.cell.core().tasks.get(link.last().task()).attempt();
    for (int number = 1; number <= 12_000; number++) {
      ended.add(new Attempt(attempt.task, number, number, attempt.worker));
    }

    assertThat(ended.tenant(link.worker, key(attempt, 7_000), 0)).isEmpty();
    assertThat(ended.tenant(link.worker, key(attempt, 7_001), 0)).contains("acme");
    assertThat(ended.tenant(Workers.id(2), key(attempt, 7_001), 0)).isEmpty();
    assertThat(ended.tenant(link.worker, new AttemptKey(link.last().task(), 7_001, 7_002), 0))
        .isEmpty();
    assertThat(ended.tenant(link.worker, new AttemptKey(new TaskId(1, 2), 7_001, 7_001), 0))
        .isEmpty();
  }

  private static AttemptKey key(Attempt attempt, int number) {
    return new AttemptKey(attempt.task.id(), number, number);
  }

  private Optional<String> logTenant(WorkerId worker, AttemptKey key) {
    return mesh.cell.view().logTenant(worker, key);
  }

  private boolean held(WorkerId worker, AttemptKey key) {
    return mesh.cell.view().held(worker, key).isPresent();
  }
}
