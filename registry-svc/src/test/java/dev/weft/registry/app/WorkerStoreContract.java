package dev.weft.registry.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.fleet.Unsaved;
import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.fleet.WorkerRecord;
import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.domain.profile.WorkerProfile;
import dev.weft.registry.domain.report.CompletedWork;
import dev.weft.registry.domain.report.LifetimeStatistics;
import dev.weft.registry.domain.report.WorkAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of workers keeps, fake or real. */
public abstract class WorkerStoreContract {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A store whose cell is empty. */
  protected abstract WorkerStore store();

  /** Another registry, or this one anew, has taken the cell. */
  protected abstract void cellIsHeldUnder(long epoch);

  @Test
  void whatWasSavedIsLoaded() {
    WorkerStore store = heldUnder(1);
    WorkerRecord gpu = record(1, 3, Profiles.gpu("gpu-1"));
    WorkerRecord browser = record(2, 1, Profiles.browser("browser-1"));
    WorkerRecord sandbox = record(3, 9, Profiles.sandbox("sandbox-1"));

    assertThat(save(store, 1, gpu, browser, sandbox)).isEqualTo(SaveOutcome.SAVED);

    assertThat(load(store)).containsExactlyInAnyOrder(gpu, browser, sandbox);
  }

  @Test
  void savingTwiceIsAsSavingOnce() {
    WorkerStore store = heldUnder(1);
    WorkerRecord record = record(1, 3, Profiles.gpu("gpu-1"));
    save(store, 1, record);

    save(store, 1, record);

    assertThat(load(store)).containsExactly(record);
  }

  @Test
  void aRecordReplacesTheOneBefore() {
    WorkerStore store = heldUnder(1);
    save(store, 1, record(1, 3, Profiles.gpu("gpu-1")));
    WorkerRecord later = record(1, 4, Profiles.sandbox("sandbox-1"));

    save(store, 1, later);

    assertThat(load(store)).containsExactly(later);
  }

  @Test
  void anOlderIncarnationReplacesNothing() {
    WorkerStore store = heldUnder(1);
    WorkerRecord newest = record(1, 4, Profiles.gpu("gpu-1"));
    save(store, 1, newest);

    assertThat(save(store, 1, record(1, 3, Profiles.sandbox("sandbox-1"))))
        .isEqualTo(SaveOutcome.SAVED);

    assertThat(load(store)).containsExactly(newest);
  }

  @Test
  void anOldEpochWritesNothing() {
    WorkerStore store = heldUnder(1);
    WorkerRecord before = record(1, 3, Profiles.gpu("gpu-1"));
    save(store, 1, before);
    cellIsHeldUnder(2);

    Unsaved late =
        new Unsaved(
            List.of(
                record(1, 4, Profiles.gpu("gpu-2")), record(2, 1, Profiles.browser("browser-1"))),
            List.of(FleetFixture.id(1)));

    assertThat(store.save(1, late).await().atMost(PATIENCE)).isEqualTo(SaveOutcome.EPOCH_OVER);
    assertThat(load(store)).containsExactly(before);
  }

  @Test
  void anEpochThatIsNotYetWritesNothing() {
    WorkerStore store = heldUnder(1);

    assertThat(save(store, 2, record(1, 3, Profiles.gpu("gpu-1"))))
        .isEqualTo(SaveOutcome.EPOCH_OVER);

    assertThat(load(store)).isEmpty();
  }

  @Test
  void theForgottenAreGoneAndForgettingTwiceIsNoFailure() {
    WorkerStore store = heldUnder(1);
    WorkerRecord stays = record(2, 1, Profiles.browser("browser-1"));
    save(store, 1, record(1, 3, Profiles.gpu("gpu-1")), stays);
    Unsaved gone = new Unsaved(List.of(), List.of(FleetFixture.id(1), FleetFixture.id(9)));

    store.save(1, gone).await().atMost(PATIENCE);
    SaveOutcome again = store.save(1, gone).await().atMost(PATIENCE);

    assertThat(again).isEqualTo(SaveOutcome.SAVED);
    assertThat(load(store)).containsExactly(stays);
  }

  @Test
  void manyWorkersAreSavedAtOnce() {
    WorkerStore store = heldUnder(1);
    List<WorkerRecord> fleet =
        IntStream.rangeClosed(1, 500)
            .mapToObj(i -> record(i, 1, Profiles.gpu("gpu-" + i)))
            .toList();

    store.save(1, new Unsaved(fleet, List.of())).await().atMost(PATIENCE);

    assertThat(load(store)).containsExactlyInAnyOrderElementsOf(fleet);
  }

  @Test
  void workersThatHaveChangedInDifferentWaysAreSavedTogether() {
    WorkerStore store = heldUnder(1);
    WorkerRecord gpu = record(1, 3, Profiles.gpu("gpu-1"));
    WorkerRecord browser = record(2, 3, Profiles.browser("browser-1"));
    save(store, 1, gpu, browser);
    WorkerRecord seenLater = seen(gpu, gpu.lastSeen().plusSeconds(7));
    WorkerRecord otherProfile = record(2, 3, Profiles.sandbox("browser-1"));

    assertThat(save(store, 1, seenLater, otherProfile)).isEqualTo(SaveOutcome.SAVED);

    assertThat(load(store)).containsExactlyInAnyOrder(seenLater, otherProfile);
  }

  @Test
  void aWriterThatGaveUpLeavesNothingBehind() {
    WorkerStore store = heldUnder(1);

    saveAndGiveUp(store, 50);

    WorkerRecord record = record(1, 3, Profiles.gpu("gpu-1"));
    assertThat(save(store, 1, record)).isEqualTo(SaveOutcome.SAVED);
    assertThat(load(store)).containsExactly(record);
  }

  /** Saves the same worker so many times under epoch 1, each time without waiting for the end. */
  protected static void saveAndGiveUp(WorkerStore store, int times) {
    Unsaved unsaved = new Unsaved(List.of(record(1, 3, Profiles.gpu("gpu-1"))), List.of());
    for (int i = 0; i < times; i++) {
      store.save(1, unsaved).subscribe().with(x -> {}, e -> {}).cancel();
    }
  }

  private WorkerStore heldUnder(long epoch) {
    WorkerStore store = store();
    cellIsHeldUnder(epoch);
    return store;
  }

  private static SaveOutcome save(WorkerStore store, long epoch, WorkerRecord... records) {
    return store.save(epoch, new Unsaved(List.of(records), List.of())).await().atMost(PATIENCE);
  }

  private static List<WorkerRecord> load(WorkerStore store) {
    return store.loadAll().await().atMost(PATIENCE);
  }

  private static WorkerRecord seen(WorkerRecord record, Instant when) {
    return new WorkerRecord(
        record.id(),
        record.incarnation(),
        record.profile(),
        record.account(),
        record.registered(),
        when);
  }

  /** Times in microseconds, as storage has them. */
  private static WorkerRecord record(int number, long incarnation, WorkerProfile profile) {
    WorkerId id = FleetFixture.id(number);
    Instant registered = FleetFixture.START.plusNanos(number * 1_000L);
    LifetimeStatistics lifetime =
        new LifetimeStatistics(10 + number, 2, Duration.ofNanos(123_456_789_000L), 5_000_000_000L);
    CompletedWork counted = new CompletedWork(3, 1, Duration.ofNanos(1_001_000), 77);
    return new WorkerRecord(
        id,
        incarnation,
        profile,
        new WorkAccount(lifetime, incarnation, counted),
        registered,
        registered.plusSeconds(60));
  }
}
