package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.OneGate.Question;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** While the shared bucket does not answer. */
class SubmitGateAloneTest {

  private final OneGate world = new OneGate();

  @Test
  void withoutAnAnswerItsOwnPartCountsAndStartsEmpty() {
    CompletionStage<Admission> waiting = world.gate.admit("acme", 1);
    world.ticker.advance(TenantGate.PATIENCE);
    world.runTimers();

    assertThat(OneGate.granted(waiting)).isZero();
    assertThat(world.gate.local()).isTrue();
    world.ticker.advance(Duration.ofMillis(100));
    assertThat(OneGate.granted(world.gate.admit("acme", 1))).isEqualTo(1);
    assertThat(OneGate.granted(world.gate.admit("acme", 1))).isZero();
    assertThat(world.ears.lost).isEqualTo(1);
  }

  @Test
  void whatRefillsInAMomentIsWaitedFor() {
    world.gate.admit("acme", 1);
    world.keeper.fail();
    world.timers.clear();
    world.ticker.advance(Duration.ofMillis(80));

    CompletionStage<Admission> soon = world.gate.admit("acme", 1);

    assertThat(OneGate.done(soon)).isFalse();
    assertThat(world.timers.element().delay()).isEqualTo(Duration.ofMillis(20));
    world.timers.remove().task().run();
    assertThat(OneGate.granted(soon)).isEqualTo(1);
  }

  @Test
  void whileItIsCutOffOneTenantAsksForAll() {
    world.gate.admit("acme", 1);
    world.keeper.fail();

    for (int i = 0; i < 20; i++) {
      world.gate.admit("t" + i, 1);
    }
    assertThat(world.keeper.questions).hasSize(1);
    world.ticker.advance(Duration.ofMillis(100));
    for (int i = 0; i < 20; i++) {
      world.gate.admit("t" + i, 1);
    }

    assertThat(world.keeper.questions).extracting(Question::tenant).containsExactly("acme", "t0");
  }

  @Test
  void aQuestionThatHangsIsNotFollowedByMore() {
    world.gate.admit("acme", 1);
    world.ticker.advance(TenantGate.PATIENCE);
    world.runTimers();
    world.ticker.advance(Duration.ofMillis(200));
    world.gate.admit("acme", 1);
    assertThat(world.keeper.questions).hasSize(1);

    world.ticker.advance(Duration.ofSeconds(2));
    world.gate.admit("acme", 1);

    assertThat(world.keeper.questions).hasSize(2);
  }

  @Test
  void asLongAsItHangsNobodyElseWaits() {
    world.gate.admit("acme", 1);
    world.ticker.advance(TenantGate.PATIENCE);
    world.runTimers();

    long granted = 0;
    for (int i = 0; i < 15; i++) {
      world.ticker.advance(Duration.ofMillis(100));
      granted += OneGate.granted(world.gate.admit("acme", 1));
    }

    assertThat(granted).isEqualTo(15);
    assertThat(world.gate.local()).isTrue();
    assertThat(world.keeper.questions).hasSize(1);
  }

  @Test
  void whoComesBackSaysHowLongItWasAlone() {
    world.gate.admit("acme", 1);
    world.keeper.fail();
    world.ticker.advance(Duration.ofMillis(150));
    world.gate.admit("acme", 1);

    assertThat(world.keeper.questions.getLast().own())
        .isEqualTo(new OwnPart(Duration.ofMillis(150), Duration.ZERO));
    world.keeper.closed(Duration.ofMillis(300));
    assertThat(world.gate.local()).isFalse();
    world.ticker.advance(Duration.ofMillis(100));
    assertThat(OneGate.granted(world.gate.admit("acme", 1))).isEqualTo(1);
    world.ticker.advance(Duration.ofMillis(200));
    world.gate.admit("acme", 1);
    assertThat(world.keeper.questions.getLast().own()).isEqualTo(OwnPart.NONE);
  }

  @Test
  void afterAPauseOnlyTheTimeInWhichItsOwnPartCountedIsTold() {
    world.gate.admit("acme", 1);
    world.keeper.fail();

    world.ticker.advance(Duration.ofSeconds(10));
    world.gate.admit("acme", 1);

    assertThat(world.keeper.questions.getLast().own())
        .isEqualTo(new OwnPart(Grant.ALONE, Duration.ofSeconds(10).minus(Grant.ALONE)));
    world.keeper.fail();
    world.ticker.advance(Duration.ofSeconds(10));
    world.gate.admit("acme", 1);
    assertThat(world.keeper.questions.getLast().own().counted())
        .isEqualTo(Grant.ALONE.multipliedBy(2));
  }

  @Test
  void whileItIsCutOffItTriesOnThoughNobodyComes() {
    world.gate.admit("acme", 1);
    world.keeper.fail();
    for (int i = 0; i < 10; i++) {
      world.ticker.advance(BucketReach.PROBE);
      world.runTimers();
      world.keeper.fail();
    }

    assertThat(world.gate.local()).isTrue();
    assertThat(world.keeper.questions).hasSize(11);
    assertThat(OneGate.granted(world.gate.admit("acme", 20))).isEqualTo(9);
    world.ticker.advance(BucketReach.PROBE);
    world.runTimers();
    world.keeper.closed(Grant.CLOSED);
    world.ticker.advance(BucketReach.PROBE);
    world.runTimers();
    assertThat(world.gate.local()).isFalse();
    assertThat(world.timers).isEmpty();
  }

  @Test
  void anAnswerToWhatIsNoLongerSoOpensNothing() {
    world.gate.admit("acme", 1);
    world.keeper.fail();
    world.ticker.advance(BucketReach.PROBE);
    world.runTimers();
    world.keeper.fail();
    for (int i = 0; i < 5; i++) {
      world.ticker.advance(BucketReach.PROBE);
      world.runTimers();
      world.keeper.fail();
    }
    world.ticker.advance(BucketReach.PROBE);
    world.runTimers();
    assertThat(world.keeper.questions.getLast().own().ended()).isPositive();
    assertThat(OneGate.granted(world.gate.admit("acme", 4))).isEqualTo(4);

    world.keeper.grant(0, 15);

    world.gate.admit("acme", 1);
    assertThat(world.keeper.questions.getLast().own())
        .isEqualTo(new OwnPart(Duration.ofMillis(700), Duration.ZERO));
  }

  @Test
  void anAnswerThatComesTooLateIsNotUsed() {
    world.gate.admit("acme", 1);
    world.ticker.advance(TenantGate.PATIENCE);
    world.runTimers();

    world.keeper.grant(10, 5);

    assertThat(OneGate.granted(world.gate.admit("acme", 1))).isZero();
    assertThat(world.gate.local()).isTrue();
  }
}
