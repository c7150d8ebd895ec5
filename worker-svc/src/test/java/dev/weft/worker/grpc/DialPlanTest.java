package dev.weft.worker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.time.Backoff;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DialPlanTest {

  private static final List<String> KNOWN = List.of("a:1", "b:1");

  private final DialPlan plan =
      new DialPlan(
          new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5), new Random(1));

  @Test
  void firstDialIsAtOnce() {
    assertThat(plan.next(KNOWN, true, null)).isEqualTo(new DialPlan.Dial("a:1", Duration.ZERO));
  }

  @Test
  void knownAddressesAreTriedInTurn() {
    List<String> tried = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tried.add(plan.next(KNOWN, true, away()).address());
    }

    assertThat(tried).containsExactly("b:1", "a:1", "b:1", "a:1");
  }

  @Test
  void namedHolderIsDialledSoon() {
    DialPlan.Dial dial = plan.next(KNOWN, true, heldAt("c:1"));

    assertThat(dial.address()).isEqualTo("c:1");
    assertThat(dial.pause()).isLessThan(Duration.ofMillis(101));
  }

  @Test
  void replicasThatNameEachOtherDoNotMakeACircle() {
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pauses.add(plan.next(KNOWN, true, heldAt(i % 2 == 0 ? "a:1" : "b:1")).pause());
    }

    Duration all = pauses.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(all).isGreaterThan(Duration.ofSeconds(4));
  }

  @Test
  void pausesGrowToTheirCapAndAStandingStreamResetsThem() {
    Duration last = Duration.ZERO;
    for (int i = 0; i < 50; i++) {
      last = plan.next(KNOWN, true, away()).pause();
    }
    assertThat(last).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
    assertThat(plan.exhausted()).isTrue();

    plan.connected();

    assertThat(plan.exhausted()).isFalse();
    assertThat(plan.next(KNOWN, true, away()).pause()).isLessThan(Duration.ofMillis(151));
  }

  @Test
  void everyAddressIsDialledWithinTheTimeThatANewPlacerWaits() {
    for (int i = 0; i < 50; i++) {
      plan.next(KNOWN, true, away());
    }
    Duration round = Duration.ZERO;
    for (int i = 0; i < KNOWN.size(); i++) {
      round = round.plus(plan.next(KNOWN, true, away()).pause());
    }

    assertThat(round).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void workersDoNotDialInStep() {
    long different =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(
                seed ->
                    new DialPlan(
                            new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5),
                            new Random(seed))
                        .next(KNOWN, true, away())
                        .pause())
            .distinct()
            .count();

    assertThat(different).isGreaterThan(90);
  }

  private static MeshProblem away() {
    return new MeshProblem(Code.UNAVAILABLE, "UNAVAILABLE", "", Map.of(), Optional.empty());
  }

  private static MeshProblem heldAt(String address) {
    return new MeshProblem(
        Code.FAILED_PRECONDITION, "NOT_HOLDER", "", Map.of("address", address), Optional.empty());
  }
}
