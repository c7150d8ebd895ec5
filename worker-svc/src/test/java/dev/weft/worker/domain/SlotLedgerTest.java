package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SlotLedgerTest {

  private static final Capacity CAPACITY =
      new Capacity(4000, 8000, 9000, 1, Map.of("shell", 2, "noop", 3));

  private final SlotLedger slots = new SlotLedger(CAPACITY);

  @Test
  void whatFitsIsTakenUntilTheSlotsAreGone() {
    assertThat(slots.reserve(key(1), shell(0), Resources.NONE)).isEmpty();
    assertThat(slots.reserve(key(2), shell(0), Resources.NONE)).isEmpty();
    assertThat(slots.reserve(key(3), shell(0), Resources.NONE))
        .hasValueSatisfying(lack -> assertThat(lack).contains("executor slots of shell", "0 free"));
    assertThat(slots.reserve(key(4), new Work.Noop(), Resources.NONE)).isEmpty();
  }

  static Stream<Arguments> tooMuch() {
    return Stream.of(
        Arguments.of(new Resources(4001, 0, 0), 0, "cpu_milli"),
        Arguments.of(new Resources(0, 8001, 0), 0, "memory_bytes"),
        Arguments.of(new Resources(0, 0, 9001), 0, "disk_bytes"),
        Arguments.of(Resources.NONE, 2, "gpus"));
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void lackIsNamedAndNothingIsTaken(Resources asked, int gpus, String named) {
    assertThat(slots.reserve(key(1), shell(gpus), asked))
        .hasValueSatisfying(lack -> assertThat(lack).startsWith(named));
    assertThat(slots.usedWorkSlots()).isZero();
    assertThat(slots.reserve(key(1), shell(1), new Resources(4000, 8000, 9000))).isEmpty();
  }

  @Test
  void releaseGivesBackAllThatWasTakenOnce() {
    slots.reserve(key(1), shell(1), new Resources(4000, 8000, 9000));

    slots.release(key(1));
    slots.release(key(1));

    assertThat(slots.reserve(key(2), shell(1), new Resources(4000, 8000, 9000))).isEmpty();
    assertThat(slots.reserve(key(3), shell(0), new Resources(1, 0, 0))).isPresent();
  }

  @Test
  void executorThatIsNotOfferedTakesNothing() {
    SlotLedger noopOnly = new SlotLedger(new Capacity(1, 1, 1, 0, Map.of("noop", 1)));

    assertThat(noopOnly.reserve(key(1), shell(0), Resources.NONE))
        .contains("executor shell: not offered");
  }

  @Test
  void oneAttemptIsNeverTakenTwice() {
    slots.reserve(key(1), shell(0), Resources.NONE);

    assertThatIllegalStateException()
        .isThrownBy(() -> slots.reserve(key(1), shell(0), Resources.NONE));
  }

  private static AttemptKey key(long fence) {
    return new AttemptKey("tsk_x", 1, fence);
  }

  private static Work shell(int gpus) {
    return new Work.Shell(
        List.of("true"),
        false,
        List.of(),
        Map.of(),
        new byte[0],
        "",
        new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
        gpus);
  }
}
