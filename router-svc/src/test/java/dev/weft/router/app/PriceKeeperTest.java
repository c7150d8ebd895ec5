package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.fleet.Isolation;
import dev.weft.router.domain.fleet.Machine;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.SandboxLevel;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Skills;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Prices are stored when they change, and only then: never with a task. */
class PriceKeeperTest {

  private static final WorkerId WORKER = new WorkerId(new UUID(1, 1));

  private final SettableTicker hand = new SettableTicker();
  private final PriceLog log = new PriceLog(hand);
  private final Stored stored = new Stored();
  private OptionalLong held = OptionalLong.of(1);
  private final PriceKeeper keeper = new PriceKeeper(log, stored, () -> held, hand);

  @Test
  void aPriceIsStoredOnceWithTheTimeSinceWhenItWasSeen() {
    log.see(view(100, "USD", "a"));
    hand.advance(Duration.ofSeconds(3));

    assertThat(keeper.keep()).isTrue();
    assertThat(stored.last())
        .containsExactly(new SeenPrice(WORKER, "a", 100, "USD", Duration.ofSeconds(3)));

    for (int i = 0; i < 1_000; i++) {
      log.see(view(100, "USD", "a"));
      assertThat(keeper.keep()).isFalse();
    }
    assertThat(stored.calls).hasSize(1);
  }

  @Test
  void aNewPriceACurrencyOrNoneAnyMoreIsStoredAgain() {
    for (WorkerView view :
        List.of(view(1, "USD", "a"), view(2, "USD", "a"), view(2, "EUR", "a"), view(0, "", "a"))) {
      log.see(view);
      assertThat(keeper.keep()).isTrue();
    }
    assertThat(stored.last().getFirst().currency()).isEmpty();
  }

  @Test
  void aStandbyStoresNothingAndATakeoverEverything() {
    held = OptionalLong.empty();
    log.see(view(1, "USD", "a"));
    assertThat(keeper.keep()).isFalse();

    held = OptionalLong.of(2);
    assertThat(keeper.keep()).isTrue();
    assertThat(stored.last()).hasSize(1);
  }

  @Test
  void whatCouldNotBeStoredIsTriedAgainAlsoOfAWorkerThatHasGone() {
    stored.broken = true;
    log.see(view(1, "USD", "a"));
    assertThatThrownBy(keeper::keep).isInstanceOf(JournalException.Unavailable.class);
    log.hide(WORKER);
    stored.broken = false;

    assertThat(keeper.keep()).isTrue();
    assertThat(stored.last()).hasSize(1);
    assertThat(log.snapshot().prices()).isEmpty();
  }

  @Test
  void onceADayItSaysWhichWorkersStillExist() {
    log.see(view(1, "USD", "a"));
    keeper.keep();
    hand.advance(Duration.ofHours(23));
    assertThat(keeper.keep()).isFalse();

    hand.advance(Duration.ofHours(2));
    assertThat(keeper.keep()).isTrue();
  }

  private static WorkerView view(long micros, String currency, String name) {
    return new WorkerView(
        WORKER,
        name,
        new Verdict(Verdict.Status.READY, ""),
        new Skills(Map.of(), Set.of(), Map.of(), Set.of()),
        new Machine(0, new Resources(0, 0, 0, 0), new Isolation(SandboxLevel.NONE, false)),
        new Site("here", 1, micros, currency));
  }

  private static final class Stored implements PriceStore {
    final List<List<SeenPrice>> calls = new ArrayList<>();
    boolean broken;

    @Override
    public void keep(long epoch, List<SeenPrice> prices) {
      if (broken) {
        throw new JournalException.Unavailable("away", new IllegalStateException());
      }
      calls.add(prices);
    }

    List<SeenPrice> last() {
      return calls.getLast();
    }
  }
}
