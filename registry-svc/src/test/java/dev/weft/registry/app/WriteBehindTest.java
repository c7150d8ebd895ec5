package dev.weft.registry.app;

import static dev.weft.registry.domain.fleet.FleetFixture.completed;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.fleet.WorkerRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteBehindTest {

  private final SettableClock clock = new SettableClock(FleetFixture.START);
  private final SettableTicker ticker = new SettableTicker();
  private final FakeHolding holding = new FakeHolding();
  private final FleetKeeper keeper = new FleetKeeper(FleetFixture.rules(), holding, clock, ticker);
  private final MemoryWorkerStore store = new MemoryWorkerStore();
  private final Counter counter = new Counter();
  private final WriteBehind writing =
      new WriteBehind(
          keeper,
          store,
          holding,
          ticker,
          new WriteBehind.Pace(
              Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(5)),
          counter);

  @BeforeEach
  void hold() {
    store.heldUnder(1);
    keeper.begin(1, List.of());
  }

  @Test
  void aNewWorkerIsStoredInTheNextRound() {
    keeper.admit(hello(1, 1), why -> {});

    writing.round();

    assertThat(stored()).extracting(WorkerRecord::id).containsExactly(FleetFixture.id(1));
  }

  @Test
  void aStormOfHellosIsOneTransaction() {
    for (int worker = 1; worker <= 400; worker++) {
      keeper.admit(hello(worker, 1), why -> {});
    }

    writing.round();

    assertThat(store.writes()).hasSize(1);
    assertThat(stored()).hasSize(400);
  }

  @Test
  void beatsAreNeverWrittenAndStatisticsEveryTenSecondsAtMost() {
    Seating seat = keeper.admit(hello(1, 1), why -> {});
    writing.round();
    int before = store.writes().size();

    for (int beat = 1; beat <= 95; beat++) {
      ticker.advance(Duration.ofSeconds(1));
      keeper.beat(seat, completed(beat));
      writing.round();
    }

    assertThat(store.writes().size() - before).isEqualTo(9);
    assertThat(succeeded()).isEqualTo(90);
  }

  @Test
  void theLastWriteBringsWhatIsLeft() {
    Seating seat = keeper.admit(hello(1, 1), why -> {});
    keeper.beat(seat, completed(4));

    writing.last();

    assertThat(succeeded()).isEqualTo(4);
  }

  @Test
  void whatFailsIsKeptAndTriedAgainAfterAPause() {
    Seating seat = keeper.admit(hello(1, 1), why -> {});
    keeper.beat(seat, completed(4));
    store.failWith(new IllegalStateException("away"));
    writing.round();
    store.failWith(null);

    writing.round();
    assertThat(stored()).isEmpty();
    ticker.advance(Duration.ofSeconds(1));
    writing.round();

    assertThat(counter.failures).isEqualTo(1);
    assertThat(succeeded()).isEqualTo(4);
  }

  @Test
  void aRefusedEpochIsReportedAndNotTriedAgain() {
    keeper.admit(hello(1, 1), why -> {});
    store.heldUnder(2);

    writing.round();
    writing.round();

    assertThat(holding.overs()).containsExactly(1L);
    assertThat(stored()).isEmpty();
  }

  @Test
  void withoutATermNothingIsWritten() {
    keeper.admit(hello(1, 1), why -> {});
    holding.lost("b:1");
    keeper.end();

    writing.round();

    assertThat(store.writes()).isEmpty();
  }

  private List<WorkerRecord> stored() {
    return store.loadAll().await().indefinitely();
  }

  private long succeeded() {
    return stored().getFirst().account().lifetime().succeeded();
  }

  private static final class Counter implements WriteBehind.Listener {
    private int failures;

    @Override
    public void saved(int workers, long nanos) {
      assertThat(workers).isPositive();
    }

    @Override
    public void failed() {
      failures++;
    }
  }
}
