package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.FleetChange;
import dev.weft.router.app.FleetLog;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.app.RecordReader;
import dev.weft.router.app.RecordReader.Records;
import dev.weft.router.app.SpecTerms;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.placement.CapabilityNeed;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.FleetEvent.Presence;
import dev.weft.router.domain.replay.FleetWorker;
import dev.weft.router.domain.replay.Outcome;
import dev.weft.router.domain.replay.RecordedRun;
import dev.weft.router.domain.replay.RecordedTask;
import dev.weft.router.domain.replay.Recording;
import dev.weft.router.domain.replay.ReplayStopped;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replay reads, and the fleet's history, over a real PostgreSQL. */
@WithPostgres
class ReplayRecordsIT {
  private static final String OTHER = "ten_b";
  private static final Submission.Terms TERMS =
      new Submission.Terms(PriorityClass.P4, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, 0);

  private final StoreDatabase store;
  private final RecordReader reader;
  private final FleetLog fleet;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private final Instant since = Instant.now().minusSeconds(60);
  private long epoch;

  ReplayRecordsIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
    reader = new PgRecordReader(store.database(), (tenant, spec) -> TERMS);
    fleet = new PgFleetLog(store.database(), StoreDatabase.CELL, StoreDatabase.ROLE);
  }

  @BeforeEach
  void open() throws SQLException {
    store.emptied();
    store.execute("SELECT ensure_partitions(1)");
    epoch = store.raiseEpoch();
    store.journal().loadOpen(epoch, new LoadedRows());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void eachTaskHasItsAttemptsAndHowItEnded() {
    TaskId succeeded = failedThenSucceeded();
    BatchDraft draft = memory.next();
    TaskId waiting = draft.admit();
    TaskId running = draft.admit(memory.newId(), BatchDraft.TENANT, "", draft.lease(1));
    store.journal().commit(epoch, draft.done());

    List<RecordedTask> tasks = read(10).workload().tasks();

    assertThat(tasks)
        .extracting(RecordedTask::id, RecordedTask::state)
        .containsExactlyInAnyOrder(
            tuple(succeeded, TaskState.SUCCEEDED),
            tuple(waiting, TaskState.QUEUED),
            tuple(running, TaskState.LEASED));
    RecordedTask task = of(tasks, succeeded);
    assertThat(task.runs())
        .extracting(RecordedRun::state)
        .containsExactly(AttemptState.FAILED, AttemptState.SUCCEEDED);
    assertThat(task.runs().getFirst().reason()).isEqualTo("EXIT_NONZERO");
    assertThat(task.runs().getLast().ended()).isEqualTo(task.ended());
    assertThat(task.terms()).isSameAs(of(tasks, waiting).terms());
    assertThat(of(tasks, waiting).runs()).isEmpty();
    assertThat(of(tasks, running).runs().getFirst().ended()).isNull();
  }

  @Test
  void onlyTheTenantsOwnTasksOfTheRangeAreReadInWhateverNumberOfPages() {
    List<TaskId> own = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      BatchDraft draft = memory.next();
      for (int i = 0; i < 100; i++) {
        own.add(draft.admit());
      }
      draft.admit(OTHER, "");
      store.journal().commit(epoch, draft.done());
    }

    assertThat(read(2_000).workload().tasks())
        .extracting(RecordedTask::id)
        .containsExactlyInAnyOrderElementsOf(own);
    assertThat(
            reader
                .read(OTHER, since, Instant.now().plusSeconds(1), 2_000, () -> false)
                .workload()
                .tasks())
        .hasSize(12);
    assertThat(
            reader
                .read(BatchDraft.TENANT, since.minusSeconds(60), since, 2_000, () -> false)
                .workload()
                .tasks())
        .isEmpty();
    assertThatThrownBy(() -> read(1_000))
        .isInstanceOf(RecordReader.TooMany.class)
        .hasMessage("tasks: more than 1000");
    assertThatThrownBy(
            () -> reader.read(BatchDraft.TENANT, since, Instant.now(), 2_000, () -> true))
        .isInstanceOf(ReplayStopped.class);
  }

  @Test
  void whatItCostIsCountedByThePriceAtTheLease() {
    store
        .prices()
        .keep(
            epoch, List.of(new SeenPrice(BatchDraft.WORKER, "w", 2_500_000, "USD", Duration.ZERO)));
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId task = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    store.journal().commit(epoch, draft.done());
    store.journal().commit(epoch, memory.next().succeed(task, lease, "done").done());

    Records records = read(10);

    Outcome outcome = Recording.outcomes(records.workload(), records.prices()).getFirst();
    assertThat(Objects.requireNonNull(outcome.runs().getFirst().price()).microsPerHour())
        .isEqualTo(2_500_000);
  }

  @Test
  void theFleetsHistoryIsWhatWasStored() {
    FleetWorker worker =
        FleetWorker.recorded(
            Workers.view(1),
            new Capacity(0, Workers.capacity(4).resources(), Workers.capacity(4).slots()));
    fleet.append(
        epoch,
        List.of(
            new FleetChange(worker.id(), Presence.THERE, worker, Duration.ofSeconds(30)),
            new FleetChange(Workers.id(2), Presence.GONE, null, Duration.ofSeconds(20))));
    fleet.append(
        epoch,
        List.of(new FleetChange(worker.id(), Presence.DRAINING, worker, Duration.ofSeconds(10))));

    List<FleetEvent> events = read(10).fleet();

    assertThat(events)
        .extracting(FleetEvent::worker, FleetEvent::presence, FleetEvent::profile)
        .containsExactly(
            tuple(worker.id(), Presence.THERE, worker),
            tuple(Workers.id(2), Presence.GONE, null),
            tuple(worker.id(), Presence.DRAINING, worker));
    assertThat(events.getFirst().at())
        .isBetween(Instant.now().minusSeconds(50), Instant.now().minusSeconds(29));
    assertThat(fleet.there()).containsExactly(worker.id());
  }

  @Test
  void tasksThatAskForNamesOfTheirOwnAreBoundedByWhatTheyTakeNotByTheirNumber() {
    admitted(400);
    AtomicInteger asked = new AtomicInteger();

    assertThatThrownBy(
            () -> read(smallReader((tenant, spec) -> wanting("own-" + asked.incrementAndGet()))))
        .isInstanceOf(RecordReader.TooMany.class)
        .hasMessage("tasks and workers: more than 1 MiB");
    assertThat(asked.get()).as("no more is read than fits").isLessThan(400);
    assertThat(read(smallReader((tenant, spec) -> wanting("same"))).workload().tasks())
        .hasSize(400);
  }

  @Test
  void workersAreBoundedByWhatTheyTakeAndOneThatDoesNotChangeTakesItOnce() {
    RecordReader small = smallReader((tenant, spec) -> TERMS);
    store(i -> worker(1));
    assertThat(read(small).fleet()).hasSize(1_000);

    store(i -> worker(2 + i));
    assertThatThrownBy(() -> read(small)).isInstanceOf(RecordReader.TooMany.class);
  }

  @Test
  void aRowThatThisBuildDoesNotUnderstandIsNamed() throws SQLException {
    fleet.append(
        epoch,
        List.of(new FleetChange(Workers.id(1), Presence.THERE, worker(1), Duration.ofSeconds(1))));
    store.execute("UPDATE worker_history SET profile = set_byte(profile, 0, 2)");

    assertThatThrownBy(() -> read(10))
        .isInstanceOf(RecordReader.Unreadable.class)
        .hasMessageStartingWith("worker ")
        .hasMessageEndingWith("worker version: 2 (expected: 1)");
  }

  @Test
  void aPlacerOfThePastAddsNothingToTheHistory() {
    store.raiseEpoch();

    assertThatThrownBy(
            () ->
                fleet.append(
                    epoch,
                    List.of(
                        new FleetChange(
                            Workers.id(1), Presence.GONE, null, Duration.ofSeconds(1)))))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThat(fleet.there()).isEmpty();
    assertThat(read(10).fleet()).isEmpty();
  }

  private void admitted(int count) {
    BatchDraft draft = memory.next();
    for (int i = 0; i < count; i++) {
      draft.admit();
    }
    store.journal().commit(epoch, draft.done());
  }

  /** A thousand changes, one a millisecond. */
  private void store(IntFunction<FleetWorker> workers) {
    List<FleetChange> changes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      FleetWorker worker = workers.apply(i);
      changes.add(
          new FleetChange(worker.id(), Presence.THERE, worker, Duration.ofMillis(1_000 + i)));
    }
    fleet.append(epoch, changes);
  }

  private static FleetWorker worker(int number) {
    return FleetWorker.recorded(
        Workers.view(number),
        new Capacity(0, Workers.capacity(4).resources(), Workers.capacity(4).slots()));
  }

  /** Thirty-two names of 64 characters. */
  private static Submission.Terms wanting(String name) {
    List<CapabilityNeed> needs =
        IntStream.range(0, 32)
            .mapToObj(i -> new CapabilityNeed((name + "-" + i + "-").repeat(9), 500))
            .toList();
    return new Submission.Terms(PriorityClass.P4, Workers.shell(needs), RetryTerms.DEFAULT, 0, 0);
  }

  private RecordReader smallReader(SpecTerms terms) {
    return new PgRecordReader(store.database(), terms, 1 << 20);
  }

  private Records read(RecordReader from) {
    return from.read(BatchDraft.TENANT, since, Instant.now().plusSeconds(1), 10_000, () -> false);
  }

  private TaskId failedThenSucceeded() {
    BatchDraft first = memory.next();
    LeaseRef lease = first.lease(1);
    TaskId task = first.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    store.journal().commit(epoch, first.done());
    BatchDraft failed = memory.next();
    LeaseRef again = failed.lease(2);
    failed.end(task, lease, AttemptState.FAILED, null);
    failed.change(task, new TaskProgress(TaskState.LEASED, 0, 1, 0, again, 0));
    store.journal().commit(epoch, failed.done());
    store.journal().commit(epoch, memory.next().succeed(task, again, "done").done());
    return task;
  }

  private static RecordedTask of(List<RecordedTask> tasks, TaskId id) {
    return tasks.stream().filter(task -> task.id().equals(id)).findFirst().orElseThrow();
  }

  private Records read(int most) {
    return reader.read(BatchDraft.TENANT, since, Instant.now().plusSeconds(1), most, () -> false);
  }
}
