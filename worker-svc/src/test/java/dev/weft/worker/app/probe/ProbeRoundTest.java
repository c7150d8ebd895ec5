package dev.weft.worker.app.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.worker.domain.probe.ProbeFinding;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbePlan;
import dev.weft.worker.domain.probe.ProbeResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** One layer in a time that the test moves; a probe is over when the test says so. */
class ProbeRoundTest {

  private static final ProbePlan PLAN =
      new ProbePlan(Duration.ofSeconds(60), Duration.ofSeconds(30));

  private final SettableTicker ticker = new SettableTicker();
  private final Queue<Runnable> asked = new ArrayDeque<>();
  private final Scripted probe = new Scripted();
  private final ProbeRound round =
      new ProbeRound(ProbeLayer.DEEP, probe, new Probing.Means(asked::add, ticker, () -> 0L));

  @Test
  void withoutAPlanNothingIsAsked() {
    pass(600);
    assertThat(asked).isEmpty();

    round.plan(Optional.of(PLAN));
    round.plan(Optional.empty());
    pass(600);

    assertThat(asked).isEmpty();
  }

  @Test
  void itIsAskedOnceAnInterval() {
    round.plan(Optional.of(PLAN));

    for (int second = 0; second < 180; second++) {
      pass(1);
      answerAll();
    }

    assertThat(results()).hasSize(3).allMatch(ProbeResult::good);
    assertThat(results()).extracting(ProbeResult::number).containsExactly(1L, 2L, 3L);
  }

  @Test
  void workersThatStartTogetherDoNotAskTogether() {
    ProbeRound later =
        new ProbeRound(
            ProbeLayer.DEEP, probe, new Probing.Means(asked::add, ticker, () -> Long.MAX_VALUE));
    round.plan(Optional.of(PLAN));
    later.plan(Optional.of(PLAN));

    round.look();
    later.look();
    assertThat(asked).hasSize(1);
    ticker.advance(PLAN.interval());
    later.look();

    assertThat(asked).hasSize(2);
  }

  @Test
  void theSamePlanFromTheNextRegistryDelaysNothing() {
    round.plan(Optional.of(PLAN));
    pass(1);
    answerAll();

    for (int second = 0; second < 60; second++) {
      round.plan(Optional.of(PLAN));
      pass(1);
    }

    assertThat(asked).hasSize(1);
  }

  @Test
  void oneThatHangsFailsAtItsTimeoutAndAgainWheneverTheNextIsDueButIsNeverAskedTwiceAtOnce() {
    round.plan(Optional.of(PLAN));
    pass(1);
    Runnable hanging = asked.remove();

    pass(29);
    assertThat(results()).isEmpty();
    pass(1);
    assertThat(complaints()).containsExactly("probe: not over after 30000 ms");
    pass(60);
    pass(60);

    assertThat(complaints())
        .containsExactly(
            "probe: not over after 30000 ms",
            "probe: the probe before is not over",
            "probe: the probe before is not over");
    assertThat(asked).isEmpty();
    hanging.run();
    assertThat(results()).hasSize(3);
    pass(60);
    answerAll();
    assertThat(results().getLast().good()).isTrue();
  }

  @Test
  void whereItWouldBeInTheWayItWaitsAndIsMadeAsSoonAsThereIsRoom() {
    round.plan(Optional.of(PLAN));
    probe.possible = false;
    pass(200);
    assertThat(asked).isEmpty();

    probe.possible = true;
    pass(1);
    answerAll();

    assertThat(results()).hasSize(1);
  }

  @Test
  void oneThatBreaksHasFailed() {
    round.plan(Optional.of(PLAN));
    probe.breaks = true;
    pass(1);
    answerAll();

    assertThat(complaints())
        .containsExactly("probe: could not be made: java.lang.IllegalStateException: out of order");
    probe.breaks = false;
    pass(60);
    answerAll();
    assertThat(results().getLast().good()).isTrue();
  }

  @Test
  void onlyTheNewestAreKept() {
    round.plan(Optional.of(PLAN));
    for (int probes = 0; probes < 20; probes++) {
      pass(60);
      answerAll();
    }

    assertThat(results()).hasSize(16);
    assertThat(results().getFirst().number()).isEqualTo(5);
    assertThat(round.log().after(18)).extracting(ProbeResult::number).containsExactly(19L, 20L);
  }

  private void pass(int seconds) {
    ticker.advance(Duration.ofSeconds(seconds));
    round.look();
  }

  private void answerAll() {
    for (Runnable each = asked.poll(); each != null; each = asked.poll()) {
      each.run();
    }
  }

  private List<ProbeResult> results() {
    return round.log().after(0);
  }

  private List<String> complaints() {
    return results().stream().map(ProbeResult::complaint).toList();
  }

  private static final class Scripted implements Probe {
    private boolean possible = true;
    private boolean breaks;

    @Override
    public boolean possible() {
      return possible;
    }

    @Override
    public List<ProbeFinding> ask(Duration timeout) {
      if (breaks) {
        throw new IllegalStateException("out of order");
      }
      return List.of(ProbeFinding.own("sandbox", ""));
    }
  }
}
