package dev.weft.registry.domain.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.health.ProbeResult.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Workers that ask one service every 30 s, each at its own second, and who of them is out. */
class CensusTest {

  private static final int INTERVAL = 30;

  @Test
  void oneThatIsAloneIsNeverOut() {
    Workers workers = new Workers(0);

    workers.run(0, 300, worker -> false);

    assertThat(workers.out()).isEmpty();
    assertThat(workers.grade(0)).isEqualTo(HealthGrade.DEGRADED);
  }

  @Test
  void oneWhomTheServiceDoesNotAnswerWhileItAnswersOthersIsOut() {
    Workers workers = new Workers(0, 10, 20);

    workers.run(0, 60, worker -> true);
    workers.run(60, 180, worker -> worker != 1);

    assertThat(workers.out()).containsExactly(1);
    assertThat(workers.grade(0)).isEqualTo(HealthGrade.ELIGIBLE);
  }

  @Test
  void oneOfTwoIsOutWhenTheOtherFindsTheServiceWell() {
    Workers workers = new Workers(0, 15);

    workers.run(0, 60, worker -> true);
    workers.run(60, 180, worker -> worker == 1);

    assertThat(workers.out()).containsExactly(0);
  }

  @Test
  void mostHaveTroubleSoItIsTheServices() {
    Workers workers = new Workers(0, 10, 20);

    workers.run(0, 60, worker -> true);
    workers.run(60, 300, worker -> worker == 2);

    assertThat(workers.everOut).isEmpty();
    assertThat(workers.grade(0)).isEqualTo(HealthGrade.DEGRADED);
  }

  @Test
  void whenTheServiceIsBackNobodyIsOutBecauseHeAsksLater() {
    Workers workers = new Workers(0, 1, 2, 3, 27, 28, 29);

    workers.run(0, 90, worker -> true);
    workers.run(90, 240, worker -> false);
    workers.run(240, 400, worker -> true);

    assertThat(workers.everOut).isEmpty();
    assertThat(workers.grade(6)).isEqualTo(HealthGrade.ELIGIBLE);
  }

  @Test
  void twoGoodAnswersBringOneBackThatWasOut() {
    Workers workers = new Workers(0, 10, 20);
    workers.run(0, 60, worker -> true);
    workers.run(60, 180, worker -> worker != 1);
    assertThat(workers.out()).containsExactly(1);

    workers.run(180, 205, worker -> true);
    assertThat(workers.out()).containsExactly(1);
    workers.run(205, 240, worker -> true);

    assertThat(workers.out()).isEmpty();
  }

  /**
   * The service goes and comes at any moment between two workers' questions, and stays so for
   * longer than it takes them all to notice.
   */
  @Test
  void nobodyIsEverOutForWhatIsAwayForAll() {
    int noticed = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      int[] seconds = random.ints(1 + random.nextInt(12), 0, INTERVAL).toArray();
      Workers workers = new Workers(seconds);
      int now = 0;
      boolean there = true;
      while (now < 2_000) {
        int until = now + INTERVAL + random.nextInt(200);
        boolean up = there;
        workers.run(now, until, worker -> up);
        noticed += workers.suspects();
        there = !there;
        now = until;
      }
      assertThat(workers.everOut).as("seed " + seed).isEmpty();
    }
    assertThat(noticed).isGreaterThan(1_000);
  }

  /** Each answer of the service is lost at random: the worst that a flapping one can do. */
  @Test
  void neverAreMoreThanHalfOutForOneService() {
    int out = 0;
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int[] seconds = random.ints(2 + random.nextInt(11), 0, INTERVAL).toArray();
      Workers workers = new Workers(seconds);
      double loss = random.nextDouble();
      for (int now = 0; now < 2_000; now++) {
        workers.run(now, now + 1, worker -> random.nextDouble() >= loss);
        assertThat(workers.out().size() * 2).as("seed " + seed).isLessThanOrEqualTo(seconds.length);
      }
      out += workers.everOut.size();
    }
    assertThat(out).isGreaterThan(200);
  }

  private interface Answers {
    boolean well(int worker);
  }

  private static final class Workers {
    private final int[] seconds;
    private final List<HealthWatch> watches = new ArrayList<>();
    private final Collection<Integer> everOut = new TreeSet<>();
    private long number;
    private long now;

    /**
     * @param seconds of each half minute, at which each of them asks
     */
    Workers(int... seconds) {
      this.seconds = seconds;
      for (int ignored : seconds) {
        watches.add(new HealthWatch(HealthPolicy.standard(Duration.ofHours(1)), 0));
      }
    }

    void run(int from, int until, Answers answers) {
      for (int second = from; second < until; second++) {
        now = Duration.ofSeconds(second).toNanos();
        for (int worker = 0; worker < seconds.length; worker++) {
          if (second % INTERVAL == seconds[worker]) {
            tell(worker, answers.well(worker));
          }
        }
        judge();
      }
    }

    private void tell(int worker, boolean well) {
      Finding finding = new Finding("artifact", true, well ? "" : "no answer");
      watches
          .get(worker)
          .probed(
              now,
              List.of(
                  new ProbeResult(
                      ProbedLayer.APPLICATION, ++number, Duration.ZERO, List.of(finding))));
    }

    private void judge() {
      Census census = new Census();
      watches.forEach(watch -> watch.testify(census));
      watches.forEach(watch -> watch.weigh(census));
      everOut.addAll(out());
    }

    int suspects() {
      return (int) watches.stream().filter(HealthWatch::suspected).count();
    }

    Collection<Integer> out() {
      Collection<Integer> out = new TreeSet<>();
      for (int worker = 0; worker < seconds.length; worker++) {
        if (watches.get(worker).verdict(now) instanceof HealthVerdict.Unhealthy) {
          out.add(worker);
        }
      }
      return out;
    }

    HealthGrade grade(int worker) {
      return watches.get(worker).report(now).grade();
    }
  }
}
