package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.task.TaskId;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdRangesTest {
  private static final long NOW = 29_000_000;

  @Test
  void neighboursAreOneRangeAndTheLastIsOpen() {
    IdRanges ranges = IdRanges.of(List.of(NOW - 9, NOW - 5, NOW - 4, NOW - 1), NOW);

    assertThat(ranges.ranges()).hasSize(3);
    assertThat(ranges.ranges().getLast())
        .isEqualTo(new IdRanges.Range(first(NOW - 1), new TaskId(-1, -1)));
    assertThat(ranges.ranges().getFirst().high().bucket()).isEqualTo(NOW - 9);
  }

  @Test
  void exactlyTheMinutesAskedForAreInside() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      Set<Long> minutes = new HashSet<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        minutes.add(NOW - random.nextInt(40));
      }
      long readFrom = NOW - random.nextInt(40);
      IdRanges ranges = IdRanges.of(List.copyOf(minutes), readFrom);
      for (long minute = NOW - 45; minute < NOW + 5; minute++) {
        boolean wanted = minutes.contains(minute) || minute >= readFrom;
        assertThat(inside(ranges, first(minute))).isEqualTo(wanted);
        assertThat(inside(ranges, last(minute))).isEqualTo(wanted);
      }
    }
  }

  @Test
  void allHoldsEveryId() {
    assertThat(inside(IdRanges.all(), new TaskId(0, 0))).isTrue();
    assertThat(inside(IdRanges.all(), new TaskId(-1, -1))).isTrue();
  }

  private static boolean inside(IdRanges ranges, TaskId id) {
    return ranges.ranges().stream()
        .anyMatch(range -> range.low().compareTo(id) <= 0 && range.high().compareTo(id) >= 0);
  }

  private static TaskId first(long minute) {
    return new TaskId((minute * 60_000) << 16, 0);
  }

  private static TaskId last(long minute) {
    return new TaskId(((minute * 60_000 + 59_999) << 16) | 0xffff, -1);
  }
}
