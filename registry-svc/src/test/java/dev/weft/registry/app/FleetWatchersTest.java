package dev.weft.registry.app;

import static dev.weft.registry.domain.fleet.FleetFixture.beat;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static dev.weft.registry.domain.fleet.FleetFixture.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.Reason;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.registry.app.FleetStep.CaughtUp;
import dev.weft.registry.app.FleetStep.Changed;
import dev.weft.registry.app.FleetStep.Idle;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.FleetChange;
import dev.weft.registry.domain.fleet.FleetFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetWatchersTest {

  private final SettableTicker ticker = new SettableTicker();
  private final FakeHolding holding = new FakeHolding();
  private final FleetKeeper keeper =
      new FleetKeeper(FleetFixture.rules(), holding, new SettableClock(FleetFixture.START), ticker);
  private final FleetWatchers watchers =
      new FleetWatchers(
          keeper,
          Runnable::run,
          ticker,
          new FleetWatchers.Manners(Duration.ofSeconds(5), Duration.ofSeconds(10), 3));

  @BeforeEach
  void hold() {
    keeper.begin(1, List.of());
  }

  @Test
  void firstEveryWorkerThenTheMarkerThenChanges() {
    keeper.admit(hello(1, 1), why -> {});
    keeper.admit(hello(2, 1), why -> {});
    Recorder recorder = watch(0);

    keeper.admit(hello(3, 1), why -> {});

    assertThat(recorder.told()).containsExactly("gpu-1", "gpu-2", "caught up", "gpu-3");
  }

  @Test
  void theMarkerNamesTheRevisionOfTheSnapshotAndTheEpoch() {
    keeper.admit(hello(1, 1), why -> {});

    Recorder recorder = watch(0);

    assertThat(recorder.steps.getLast()).isEqualTo(new CaughtUp(keeper.read(Fleet::revision), 1));
  }

  @Test
  void resumingTellsWhatWasMissedOnly() {
    keeper.admit(hello(1, 1), why -> {});
    long seen = keeper.read(Fleet::revision);
    keeper.admit(hello(2, 1), why -> {});

    Recorder recorder = watch(seen);

    assertThat(recorder.told()).containsExactly("gpu-2", "caught up");
  }

  @Test
  void aRevisionOfAnotherEpochIsTooOld() {
    keeper.admit(hello(1, 1), why -> {});
    long seen = keeper.read(Fleet::revision);
    keeper.begin(2, List.of());

    assertRefused(seen, 0, RegistryReason.CURSOR_TOO_OLD);
  }

  @Test
  void aRevisionOfTheFutureIsRefused() {
    assertRefused(keeper.read(Fleet::revision) + 1, 1, RegistryReason.CURSOR_TOO_OLD);
  }

  @Test
  void anEpochThatIsNotTheRevisionsIsRefused() {
    assertRefused(keeper.read(Fleet::revision), 2, RegistryReason.CURSOR_TOO_OLD);
  }

  @Test
  void aNegativeRevisionIsNonsense() {
    assertRefused(-1, 0, CommonReason.INVALID_FIELD);
  }

  @Test
  void aSlowWatcherSkipsToTheNewestStateOfEachWorker() {
    Seating seat = keeper.admit(hello(1, 1), why -> {});
    Recorder recorder = watch(0);
    recorder.ready = false;

    for (int i = 1; i <= 1000; i++) {
      keeper.beat(seat, beat(load(i % 8, 0.1)));
      keeper.tellLoads();
    }
    recorder.ready = true;
    watchers.ready(recorder);

    assertThat(recorder.told()).containsExactly("gpu-1", "caught up", "gpu-1");
    assertThat(recorder.lastSlots()).isZero();
  }

  @Test
  void whoReadsNothingForTenSecondsIsCut() {
    Recorder recorder = watch(0);
    Recorder other = watch(0);
    recorder.ready = false;
    keeper.admit(hello(1, 1), why -> {});
    ticker.advance(Duration.ofMillis(9_900));
    watchers.tick();
    assertThat(recorder.end).isNull();

    ticker.advance(Duration.ofMillis(100));
    watchers.tick();

    assertThat(recorder.reason()).isEqualTo(RegistryReason.SLOW_CONSUMER);
    assertThat(other.end).isNull();
    assertThat(watchers.count()).isEqualTo(1);
  }

  @Test
  void anIdleWatchSaysThatItLives() {
    Recorder recorder = watch(0);

    for (int second = 1; second <= 11; second++) {
      ticker.advance(Duration.ofSeconds(1));
      watchers.tick();
    }

    assertThat(recorder.told()).containsExactly("caught up", "idle", "idle");
  }

  @Test
  void theEndOfTheTermEndsEveryWatchWithTheHoldersAddress() {
    Recorder recorder = watch(0);
    holding.lost("10.0.0.2:7121");

    keeper.end();

    assertThat(recorder.reason()).isEqualTo(CommonReason.NOT_HOLDER);
    assertThat(recorder.end.metadata()).containsEntry("address", "10.0.0.2:7121");
    assertThat(watchers.count()).isZero();
  }

  @Test
  void aWatchOfTheTermBeforeDoesNotGoOnInTheNext() {
    Recorder recorder = watch(0);

    keeper.begin(2, List.of());
    watchers.wake();

    assertThat(recorder.end).isNotNull();
  }

  @Test
  void onlySoManyMayWatchAndAnEndMakesRoom() {
    watch(0);
    watch(0);
    Recorder third = watch(0);
    assertRefused(0, 0, RegistryReason.TOO_MANY_WATCHERS);

    watchers.gone(third);

    assertThat(watch(0).told()).containsExactly("caught up");
  }

  @Test
  void aRefusedWatchTakesNoRoom() {
    for (int i = 0; i < 10; i++) {
      assertRefused(-1, 0, CommonReason.INVALID_FIELD);
      assertRefused(99, 0, RegistryReason.CURSOR_TOO_OLD);
    }

    assertThat(watchers.count()).isZero();
  }

  @Test
  void aWatcherThatFailsDoesNotDisturbTheOthers() {
    Recorder bad = watch(0);
    Recorder good = watch(0);
    bad.broken = true;

    keeper.admit(hello(1, 1), why -> {});

    assertThat(good.told()).containsExactly("caught up", "gpu-1");
    assertThat(watchers.count()).isEqualTo(1);
  }

  private Recorder watch(long after) {
    Recorder recorder = new Recorder();
    watchers.open(after, 0, recorder);
    return recorder;
  }

  private void assertRefused(long after, long epoch, Reason reason) {
    assertThatExceptionOfType(MeshException.class)
        .isThrownBy(() -> watchers.open(after, epoch, new Recorder()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static final class Recorder implements Watcher {
    private final List<FleetStep> steps = new ArrayList<>();
    private boolean ready = true;
    private boolean broken;
    private @Nullable MeshException end;

    @Override
    public boolean ready() {
      return ready;
    }

    @Override
    public void tell(FleetStep step) {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      steps.add(step);
    }

    @Override
    public void end(MeshException why) {
      end = why;
    }

    @Nullable Reason reason() {
      return end == null ? null : end.reason();
    }

    List<String> told() {
      return steps.stream()
          .map(
              step ->
                  switch (step) {
                    case Changed(FleetChange.Seen seen) -> seen.view().name();
                    case Changed(FleetChange.Removed removed) -> "removed " + removed.id();
                    case CaughtUp ignored -> "caught up";
                    case Idle ignored -> "idle";
                  })
          .toList();
    }

    long lastSlots() {
      return ((FleetChange.Seen) ((Changed) steps.getLast()).change())
          .view()
          .live()
          .load()
          .slotsUsed();
    }
  }
}
