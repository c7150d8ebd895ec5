package dev.weft.worker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.Usage;
import dev.weft.worker.domain.Usage.KernelHit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampledTogetherTest {

  private static final Limits LIMITS =
      new Limits(1000, 10, Duration.ofMinutes(1), 1000, Duration.ofMinutes(1), 10, 1000, 1000);

  private final Map<Long, Usage> used = new HashMap<>();
  private final SampledTogether together =
      new SampledTogether(LIMITS, root -> used.getOrDefault(root, Usage.NOTHING));
  private final AttemptGroup first = together.create("r1", LIMITS);
  private final AttemptGroup second = together.create("r2", LIMITS);

  private KernelHit look(AttemptGroup group, long root, long memory, int processes) {
    used.put(root, new Usage(Duration.ZERO, memory, memory, processes, KernelHit.NONE));
    return group.usage(root).limitHit();
  }

  @Test
  void nobodyHasHitALimitThatTheyKeepTogether() {
    assertThat(look(first, 1, 400, 4)).isEqualTo(KernelHit.NONE);
    assertThat(look(second, 2, 600, 6)).isEqualTo(KernelHit.NONE);
    assertThat(look(first, 1, 400, 4)).isEqualTo(KernelHit.NONE);
  }

  @Test
  void theGreatestHasHitTheMemoryLimitWhoeverIsLookedAtFirst() {
    look(first, 1, 400, 1);
    assertThat(look(second, 2, 700, 1)).isEqualTo(KernelHit.MEMORY);
    assertThat(look(first, 1, 400, 1)).isEqualTo(KernelHit.NONE);
  }

  @Test
  void theGreatestHasHitTheProcessLimit() {
    look(first, 1, 1, 8);
    assertThat(look(second, 2, 1, 3)).isEqualTo(KernelHit.NONE);
    assertThat(look(first, 1, 1, 8)).isEqualTo(KernelHit.PROCESSES);
  }

  @Test
  void otherLimitsHoldFromTheNextLookOn() {
    assertThat(look(first, 1, 900, 1)).isEqualTo(KernelHit.NONE);

    together.limit(
        new Limits(500, 10, Duration.ofMinutes(1), 1000, Duration.ofMinutes(1), 10, 1000, 1000));

    assertThat(look(first, 1, 900, 1)).isEqualTo(KernelHit.MEMORY);
  }

  @Test
  void whoIsGoneTakesNothingAnyMore() {
    look(first, 1, 700, 1);
    first.close();
    assertThat(look(second, 2, 700, 1)).isEqualTo(KernelHit.NONE);
  }
}
