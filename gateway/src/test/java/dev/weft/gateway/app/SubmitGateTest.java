package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.OneGate.Question;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SubmitGateTest {

  private final OneGate world = new OneGate();

  @Test
  void whoFindsNoTokenWaitsForTheAnswer() {
    CompletionStage<Admission> first = world.gate.admit("acme", 1);
    CompletionStage<Admission> second = world.gate.admit("acme", 2);
    assertThat(world.keeper.questions).hasSize(1);
    assertThat(OneGate.done(first)).isFalse();

    world.keeper.grant(1, 10);
    assertThat(OneGate.granted(first)).isEqualTo(1);
    world.keeper.grant(2, 8);

    assertThat(OneGate.granted(second)).isEqualTo(2);
    assertThat(world.keeper.questions).extracting(Question::wanted).containsExactly(1L, 2L);
    assertThat(world.keeper.questions).extracting(Question::own).containsOnly(OwnPart.NONE);
  }

  @Test
  void whatWasTakenAheadNeedsNoQuestion() {
    world.gate.admit("acme", 1);
    world.keeper.grant(10, 5);

    for (int i = 0; i < 9; i++) {
      assertThat(OneGate.granted(world.gate.admit("acme", 1))).isEqualTo(1);
    }

    assertThat(world.keeper.questions).hasSize(1);
  }

  @Test
  void tokensTakenAheadEndWithTheirLease() {
    world.gate.admit("acme", 1);
    world.keeper.grant(10, 5);
    world.ticker.advance(Duration.ofMillis(250));

    CompletionStage<Admission> later = world.gate.admit("acme", 1);

    assertThat(OneGate.done(later)).isFalse();
    assertThat(world.keeper.questions).hasSize(2);
  }

  @Test
  void ofABatchTheFirstPass() {
    CompletionStage<Admission> batch = world.gate.admit("acme", 10);

    world.keeper.grant(6, 0);

    Admission admission = batch.toCompletableFuture().join();
    assertThat(admission.granted()).isEqualTo(6);
    assertThat(world.ears.throttled).isEqualTo(4);
    MeshException seventh = admission.refusal(6);
    MeshException tenth = admission.refusal(9);
    assertThat(seventh.reason()).isEqualTo(GatewayReason.SUBMIT_RATE);
    assertThat(seventh.retryAfter()).contains(Duration.ofMillis(50));
    assertThat(tenth.retryAfter()).contains(Duration.ofMillis(200));
    assertThat(tenth.metadata())
        .containsEntry("allowed", "false")
        .containsEntry("throttle_delay_ms", "200")
        .containsEntry("current_usage", "20")
        .containsEntry("limit", "20")
        .containsEntry("retry_after", "1");
  }

  @Test
  void anEmptyBucketRefusesAtOnceAndIsNotAskedAgainInVain() {
    world.gate.admit("acme", 1);
    world.keeper.grant(0, 0);

    CompletionStage<Admission> refused = world.gate.admit("acme", 1);

    assertThat(OneGate.granted(refused)).isZero();
    assertThat(world.keeper.questions).hasSize(1);
    world.ticker.advance(Duration.ofMillis(50));
    world.gate.admit("acme", 1);
    assertThat(world.keeper.questions).hasSize(2);
  }

  @Test
  void noWaitIsLongerThanAnEmptyBucketTakesToFill() {
    CompletionStage<Admission> batch = world.gate.admit("acme", 1_000);

    world.keeper.grant(0, 0);

    assertThat(batch.toCompletableFuture().join().refusal(999).retryAfter())
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void tenantsDoNotSpendEachOthersTokens() {
    world.gate.admit("acme", 1);
    world.keeper.grant(10, 5);

    world.gate.admit("other", 1);

    assertThat(world.keeper.questions)
        .extracting(Question::tenant)
        .containsExactly("acme", "other");
  }
}
