package dev.weft.artifact.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PartBuffersTest {

  private final PartBuffers buffers = new PartBuffers(4);

  @Test
  void aTenantHasHalfOfThemAtMost() throws InterruptedException {
    assertThat(take("slow")).isTrue();
    assertThat(take("slow")).isTrue();
    assertThat(take("slow")).isFalse();

    assertThat(take("acme")).isTrue();
  }

  @Test
  void allTenantsTogetherHaveNoMoreThanThereAre() throws InterruptedException {
    for (String tenant : new String[] {"a", "b", "c", "d"}) {
      assertThat(take(tenant)).isTrue();
    }
    assertThat(take("e")).isFalse();

    buffers.giveBack("a");

    assertThat(take("e")).isTrue();
  }

  @Test
  void whoCameInVainHoldsNothing() throws InterruptedException {
    for (String tenant : new String[] {"a", "b", "c", "d"}) {
      assertThat(take(tenant)).isTrue();
    }
    for (int i = 0; i < 3; i++) {
      assertThat(take("e")).isFalse();
    }
    buffers.giveBack("a");
    buffers.giveBack("b");

    assertThat(take("e")).isTrue();
    assertThat(take("e")).isTrue();
  }

  private boolean take(String tenant) throws InterruptedException {
    return buffers.take(tenant, Duration.ZERO);
  }
}
