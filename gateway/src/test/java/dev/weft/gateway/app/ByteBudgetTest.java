package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.app.ByteBudget.Share;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

  private final SettableTicker ticker = new SettableTicker();
  private final ByteBudget budget = new ByteBudget(100, ticker);
  private final List<String> ended = new ArrayList<>();

  @Test
  void whatDoesNotFitIsRefusedUntilThereIsRoomAgain() {
    Share first = share("first");
    Share second = share("second");
    first.grow(60);

    assertThatThrownBy(() -> second.grow(41))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(GatewayReason.QUEUE_FULL);
              assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
            });
    first.close();
    second.grow(41);

    assertThat(budget.held()).isEqualTo(41);
    assertThat(ended).isEmpty();
  }

  @Test
  void aShareIsGivenBackOnceAndTakesNothingAfterwards() {
    Share share = share("x");
    share.grow(10);
    share.grow(20);

    share.close();
    share.close();
    share.grow(5);

    assertThat(budget.held()).isZero();
  }

  @Test
  void whoNeverFinishesMakesRoomForOthers() {
    Share slow = share("slow");
    slow.grow(50);
    Share served = share("served");
    served.grow(50);
    served.complete();
    ticker.advance(ByteBudget.PATIENCE);
    Share young = share("young");

    assertThatThrownBy(() -> young.grow(1)).isInstanceOf(MeshException.class);
    slow.close();
    young.grow(1);

    assertThat(ended).containsExactly("slow");
  }

  @Test
  void oneAloneMayHaveAllAndWithOthersHalf() {
    Share all = share("bold");
    all.of("bold");
    all.grow(100);
    Share refused = share("meek");
    refused.of("meek");
    assertThatThrownBy(() -> refused.grow(10)).isInstanceOf(MeshException.class);
    all.close();

    Share half = share("bold");
    half.of("bold");
    half.grow(50);
    Share more = share("bold");
    more.of("bold");
    assertThatThrownBy(() -> more.grow(1)).isInstanceOf(MeshException.class);
    refused.grow(50);

    assertThat(budget.held()).isEqualTo(100);
  }

  @Test
  void whoWantedSomeAndCameNotBackIsForgotten() {
    Share all = share("bold");
    all.of("bold");
    all.grow(100);
    Share refused = share("meek");
    refused.of("meek");
    assertThatThrownBy(() -> refused.grow(10)).isInstanceOf(MeshException.class);
    all.release();
    all.grow(40);
    ticker.advance(Duration.ofSeconds(4));

    Share more = share("bold");
    more.of("bold");
    more.grow(60);

    assertThat(budget.held()).isEqualTo(100);
  }

  @Test
  void theLargestRequestFitsBesideASmallOne() {
    Share small = share("meek");
    small.of("meek");
    small.grow(10);
    Share large = share("bold");
    large.of("bold");

    large.grow(30);
    large.grow(60);

    assertThat(budget.held()).isEqualTo(100);
  }

  @Test
  void whatCameBeforeItsCallerWasKnownIsTheCallersThen() {
    Share share = share("x");
    share.grow(60);
    share.of("acme");

    share.close();

    assertThat(budget.held()).isZero();
  }

  @Test
  void theBudgetFollowsFromTheHeapAndTakesTheLargestRequest() {
    assertThatThrownBy(() -> grown(160L << 20, Optional.empty(), (10L << 20) + 1))
        .isInstanceOf(MeshException.class);
    grown(160L << 20, Optional.empty(), 10L << 20);
    grown(16L << 20, Optional.of(1L), 4L << 20);
  }

  private void grown(long heap, Optional<Long> known, long bytes) {
    DoorBudgets.of(heap, known, ticker).known().open(() -> {}).grow(bytes);
  }

  private Share share(String name) {
    return budget.open(() -> ended.add(name));
  }
}
