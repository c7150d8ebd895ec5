package dev.weft.router.domain.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardPolicyTest {

  private final ShardPolicy policy = ShardPolicy.STANDARD;

  @Test
  void aShardIsMadeForAThousandUsersAndHasAtMostTwelveHundred() {
    assertThat(policy.users()).isEqualTo(1_000);
    assertThat(policy.isTooLarge(1_200)).isFalse();
    assertThat(policy.isTooLarge(1_201)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // users, leaving, minutes since the last split, memory, elsewhere
    "500, 0, 10, 0.81, 0.50, true",
    "500, 0, 10, 0.80, 0.50, false",
    "500, 0, 10, 0.81, 0.81, false",
    "500, 0, 10, 0.81, 1.00, false",
    "500, 1, 10, 0.81, 0.50, false",
    "500, 0, 9, 0.81, 0.50, false",
    "1, 0, 10, 0.81, 0.50, false",
    "2, 0, 10, 0.81, 0.50, true",
  })
  void aShardIsTooFullAboveEightyPercentWhereASplitHelps(
      int users, int leaving, int minutes, double memory, double elsewhere, boolean split) {
    boolean settled = policy.isSettled(users, leaving, Duration.ofMinutes(minutes));

    assertThat(settled && policy.isTooFull(1, new Memory(memory, elsewhere))).isEqualTo(split);
  }

  @ParameterizedTest
  @CsvSource({
    // users of both halves, hours since the split, memory of either, joined
    "500, 24, 0.60, true",
    "0, 24, 0.60, true",
    "501, 24, 0.60, false",
    "500, 23, 0.60, false",
    "500, 24, 0.61, false",
  })
  void aSplitIsUndoneWhenTheWholeWouldBeFarFromTheNextOne(
      int users, int hours, double memory, boolean joined) {
    boolean small = policy.isTooSmall(users, Duration.ofHours(hours));

    assertThat(small && policy.isRoomy(2, 1, new Memory(memory, 0.9))).isEqualTo(joined);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new ShardPolicy(-1, 0.8, 8))
        .hasMessage("users: -1 (expected: 0..100000)");
    assertThatThrownBy(() -> new ShardPolicy(1, 0.8, 17))
        .hasMessage("workers: 17 (expected: 1..16)");
    assertThatThrownBy(() -> new ShardPolicy(1, 0, 8))
        .hasMessage("memory: 0.0 (expected: above 0, up to 1)");
  }

  private record Memory(double full, double others) implements ShardMemory {

    @Override
    public double of(int shard) {
      return full;
    }

    @Override
    public double beside(int shard) {
      return others;
    }
  }
}
