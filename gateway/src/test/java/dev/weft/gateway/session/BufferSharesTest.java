package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferSharesTest {

  @ParameterizedTest
  @ValueSource(longs = {32L << 20, 64L << 20, 160L << 20, 4L << 30})
  void halfOfTheMemoryIsLeftToOthers(long bytes) {
    BufferShares shares = new BufferShares(bytes);

    assertThat(shares.bodies() + shares.segments() + shares.pages() + shares.sockets())
        .isLessThanOrEqualTo(bytes / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 1_000})
  void allOfThemTogetherHaveNoMoreThanThePart(int many) {
    BufferShares shares = new BufferShares(64 << 20);

    assertThat(many * shares.bodyWindow(many)).isLessThanOrEqualTo(shares.bodies());
    assertThat((long) many * shares.socketQueue(many)).isLessThanOrEqualTo(shares.sockets());
  }

  @Test
  void whoIsOneOfVeryManyGetsOnAllTheSame() {
    BufferShares shares = new BufferShares(64 << 20);

    assertThat(shares.bodyWindow(1_000_000)).isEqualTo(8 << 10);
    assertThat(shares.socketQueue(1_000_000)).isEqualTo(4 << 10);
  }

  @Test
  void aSegmentAndAPageGoEvenWhereThereIsVeryLittle() {
    BufferShares shares = new BufferShares(1 << 20);

    assertThat(shares.segments()).isGreaterThanOrEqualTo(FrameLog.SEGMENT_BYTES);
    assertThat(shares.pages()).isGreaterThanOrEqualTo(FrameLog.PAGE_BYTES);
  }
}
