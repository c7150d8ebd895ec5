package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may have what for the work it holds: only by the very lease, and only while it is held. */
class HeldLeaseTest {

  private final CellFixture mesh = new CellFixture();
  private final CellFixture.TestLink link = mesh.join(1, 2);

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

  private boolean held(WorkerId worker, AttemptKey key) {
    return mesh.cell.view().held(worker, key).isPresent();
  }
}
