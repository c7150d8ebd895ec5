package dev.weft.gateway.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.session.RingCuts.Cut;
import dev.weft.gateway.domain.session.RingCuts.Ring;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingCutsTest {

  @Test
  void nobodysFramesGoForATenantThatTakesMore() {
    List<Cut<String>> cuts =
        RingCuts.of(List.of(ring("quiet", "a", true, 1, 40), ring("loud", "b", false, 9, 100)), 60);
    assertThat(cuts).containsExactly(new Cut<>("loud", 50), new Cut<>("loud", 25));
  }

  @Test
  void ofOneTenantTheOneGoesFirstThatNobodyHasUsedForLongest() {
    List<Cut<String>> cuts =
        RingCuts.of(
            List.of(
                ring("live", "a", false, 1, 100),
                ring("late", "a", true, 3, 10),
                ring("early", "a", true, 2, 10)),
            50);
    assertThat(cuts)
        .containsExactly(new Cut<>("early", 0), new Cut<>("late", 0), new Cut<>("live", 50));
  }

  @Test
  void noMoreIsCutThanThereIs() {
    assertThat(RingCuts.of(List.of(ring("one", "a", false, 1, 1)), 99))
        .containsExactly(new Cut<>("one", 0));
    assertThat(RingCuts.of(List.of(ring("one", "a", false, 1, 1)), 0)).isEmpty();
  }

  private static Ring<String> ring(String name, String tenant, boolean idle, long at, long bytes) {
    return new Ring<>(name, tenant, idle, at, bytes);
  }
}
