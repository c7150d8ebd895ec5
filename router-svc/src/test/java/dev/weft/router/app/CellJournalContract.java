package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every journal does. */
public abstract class CellJournalContract {

  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private CellJournal journal;
  private CellReader reader;
  private CellFixture cell;
  private long epoch;

  /** Over an empty cell. */
  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    cell = emptyCell();
    journal = cell.journal();
    reader = cell.reader();
    epoch = cell.raiseEpoch();
    journal.loadOpen(epoch, new LoadedRows());
  }

  @Test
  void newCellStartsWithZeros() {
    assertThat(load().head).isEqualTo(CellHead.ZERO);
  }

  @Test
  void waitingTaskIsLoadedAsItWasAdmitted() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    GroupCommit batch = draft.done();

    journal.commit(epoch, batch);

    OpenTask loaded = load().tasks.get(id);
    assertThat(loaded.row()).isEqualTo(batch.tasks().admitted().getFirst().row());
    assertThat(loaded.lastCommit()).isEqualTo(1);
    assertThat(loaded.attemptStart()).isNull();
  }

  @Test
  void attemptOfAnAdmittedTaskStartsWithTheCommit() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit(memory.newId(), BatchDraft.TENANT, "", draft.lease(1));
    GroupCommit batch = draft.done();

    CommitReceipt receipt = journal.commit(epoch, batch);

    OpenTask loaded = load().tasks.get(id);
    assertThat(loaded.row()).isEqualTo(batch.tasks().admitted().getFirst().row());
    assertThat(loaded.attemptStart()).isEqualTo(receipt.commitTime());
  }

  @Test
  void changeReplacesTheProgressAndLeavesTheOrigin() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    GroupCommit first = draft.done();
    journal.commit(epoch, first);
    BatchDraft next = memory.next();
    TaskProgress progress = new TaskProgress(TaskState.QUEUED, 1_234_567, 2, 1, next.lease(3), 2);

    journal.commit(epoch, next.change(id, progress).done());

    OpenTask loaded = load().tasks.get(id);
    assertThat(loaded.row().progress()).isEqualTo(progress);
    assertThat(loaded.row().origin()).isEqualTo(first.tasks().admitted().getFirst().row().origin());
    assertThat(loaded.lastCommit()).isEqualTo(2);
  }

  @Test
  void attemptKeepsItsStartUntilTheFenceChanges() {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId id = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    CommitReceipt leased = journal.commit(epoch, draft.done());

    TaskProgress running = new TaskProgress(TaskState.RUNNING, 0, 0, 0, lease, 0);
    journal.commit(epoch, memory.next().change(id, running).done());
    assertThat(load().tasks.get(id).attemptStart()).isEqualTo(leased.commitTime());

    BatchDraft again = memory.next();
    TaskProgress next = new TaskProgress(TaskState.LEASED, 0, 0, 1, again.lease(2), 0);
    CommitReceipt second = journal.commit(epoch, again.change(id, next).done());
    assertThat(load().tasks.get(id).attemptStart()).isEqualTo(second.commitTime());
  }

  @Test
  void endedTasksAreNotLoaded() {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId id = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    journal.commit(epoch, draft.done());

    journal.commit(epoch, memory.next().succeed(id, lease, "fine").done());

    assertThat(load().tasks).isEmpty();
  }

  @Test
  void countersAreLoadedAsTheLastCommitLeftThem() {
    BatchDraft draft = memory.next();
    draft.admit();
    draft.lease(1);
    GroupCommit batch = draft.done();

    journal.commit(epoch, batch);

    LoadedRows loaded = load();
    assertThat(loaded.head).isEqualTo(batch.head());
    assertThat(loaded.headCameFirst).isTrue();
  }

  @Test
  void sameBatchAgainChangesNothingAndGivesTheSameReceipt() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    GroupCommit batch = draft.wantSpec(id).done();
    CommitReceipt first = journal.commit(epoch, batch);

    CommitReceipt second = journal.commit(epoch, batch);

    assertThat(second).isEqualTo(first);
    assertThat(load().tasks.keySet()).containsExactly(id);
  }

  @Test
  void receiptCarriesTheSpecsThatAreWanted() {
    BatchDraft draft = memory.next();
    TaskId waiting = draft.admit();
    draft.admit();
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    TaskId fresh = next.admit();

    CommitReceipt receipt = journal.commit(epoch, next.wantSpec(waiting).done());

    assertThat(receipt.specs())
        .containsExactly(
            new StoredSpec(waiting, BatchDraft.spec(waiting), "00-ab", BatchDraft.USER));
    assertThat(fresh).isNotEqualTo(waiting);
  }

  @Test
  void oldEpochWritesNothing() {
    long newer = cell.raiseEpoch();
    BatchDraft draft = memory.next();
    draft.admit();
    GroupCommit batch = draft.batch(1);

    assertThatThrownBy(() -> journal.commit(epoch, batch))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThatThrownBy(() -> journal.loadOpen(epoch, new LoadedRows()))
        .isInstanceOf(JournalException.EpochLost.class);

    epoch = newer;
    assertThat(load().tasks).isEmpty();
    assertThat(journal.commit(epoch, batch).number()).isEqualTo(1);
  }

  @Test
  void idThatExistsIsAMismatchAndNothingOfTheBatchIsWritten() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.admit();
    next.admit(id, BatchDraft.TENANT, "", null);

    refused(next.batch(2), Set.of(id));
  }

  @Test
  void changeOfARowThatStandsElsewhereIsAMismatch() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.admit();
    next.change(id, 77, new TaskProgress(TaskState.CANCELLED, 0, 0, 0, null, 0));

    refused(next.batch(2), Set.of(id));
  }

  @Test
  void changeOfAnUnknownTaskIsAMismatch() {
    BatchDraft draft = memory.next();
    TaskId known = draft.admit();
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    TaskId unknown = memory.newId();
    next.change(unknown, 1, new TaskProgress(TaskState.CANCELLED, 0, 0, 0, null, 0));

    refused(next.batch(2), Set.of(known));
  }

  @Test
  void gapInTheNumbersIsAMismatch() {
    BatchDraft draft = memory.next();
    draft.admit();

    refused(draft.batch(2), Set.of());
  }

  @Test
  void secondResultOfATaskIsAMismatch() {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId id = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    TaskId other = draft.admit();
    journal.commit(epoch, draft.done());
    journal.commit(epoch, memory.next().succeed(id, lease, "first").done());
    BatchDraft next = memory.next();
    next.admit();

    refused(next.result(id, 1, "second").batch(3), Set.of(other));
  }

  @Test
  void journalWritesOnAfterAMismatch() {
    BatchDraft bad = memory.next();
    bad.admit();
    assertThatThrownBy(() -> journal.commit(epoch, bad.batch(5)))
        .isInstanceOf(JournalException.Mismatch.class);
    BatchDraft good = memory.next();
    good.admit();

    assertThat(journal.commit(epoch, good.done()).number()).isEqualTo(1);
  }

  @Test
  void shapesAreLoadedUntilTheyAreDropped() {
    BatchDraft first = memory.next();
    first.admit();
    GroupCommit shaped = first.shape(1, BatchDraft.TENANT).shape(2, BatchDraft.TENANT).done();
    journal.commit(epoch, shaped);

    journal.commit(epoch, memory.next().dropShape(1).done());

    ShapeRow second = shaped.placement().newShapes().get(1);
    assertThat(load().shapes).containsExactly(second);
  }

  @Test
  void drainIsLoadedAsLastWrittenUntilItIsRemoved() {
    WorkerDrain draining = new WorkerDrain(BatchDraft.WORKER, 1_000, WorkerDrain.Stage.DRAINING);
    WorkerDrain drained = new WorkerDrain(BatchDraft.WORKER, 1_000, WorkerDrain.Stage.DRAINED);
    WorkerDrain none = new WorkerDrain(BatchDraft.WORKER, 0, WorkerDrain.Stage.NONE);

    journal.commit(epoch, memory.next().drain(draining).done());
    journal.commit(epoch, memory.next().drain(drained).done());
    assertThat(load().drains).containsExactly(drained);

    journal.commit(epoch, memory.next().drain(none).done());
    assertThat(load().drains).isEmpty();
  }

  @Test
  void openTaskIsLoadedWithTheWorkersItFailedOnOrWasLostWith() {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId failed = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    TaskId lost = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    TaskId neverRan = draft.admit(memory.newId(), BatchDraft.TENANT, "", lease);
    journal.commit(epoch, draft.done());
    BatchDraft next = memory.next();
    next.end(failed, lease, AttemptState.FAILED, "output");
    next.change(failed, new TaskProgress(TaskState.QUEUED, 5_000, 1, 0, lease, 1));
    next.end(lost, lease, AttemptState.LOST, null);
    next.change(lost, new TaskProgress(TaskState.QUEUED, 0, 0, 1, lease, 0));
    next.end(neverRan, lease, AttemptState.LOST, null);
    next.change(neverRan, new TaskProgress(TaskState.QUEUED, 0, 0, 0, lease, 0));

    journal.commit(epoch, next.done());

    List<WorkerId> workers = List.of(BatchDraft.WORKER);
    assertThat(load().failedOn).isEqualTo(Map.of(failed, workers, lost, workers));
  }

  @Test
  void withBucketsOnlyTheirMinutesAndNewerOnesAreLoaded() {
    long minute = memory.newId().bucket();
    TaskId open = idIn(minute - 5);
    TaskId unlisted = idIn(minute - 4);
    TaskId newer = idIn(minute - 2);
    TaskId newest = idIn(minute);
    BatchDraft draft = memory.next();
    for (TaskId id : List.of(open, unlisted, newer, newest)) {
      draft.admit(id, BatchDraft.TENANT, "", null);
    }

    journal.commit(epoch, draft.buckets(List.of(minute - 5), minute - 2).done());

    assertThat(load().tasks.keySet()).containsExactlyInAnyOrder(open, newer, newest);
  }

  @Test
  void batchWithoutTasksCounts() {
    long minute = memory.newId().bucket();

    journal.commit(epoch, memory.next().buckets(List.of(), minute).done());

    assertThat(load().head.commit()).isEqualTo(1);
  }

  private TaskId idIn(long minute) {
    Random random = new Random(minute);
    return new TaskId(((minute * 60_000 + 30_000) << 16) | 0x7000, random.nextLong());
  }

  private void refused(GroupCommit batch, Set<TaskId> open) {
    assertThatThrownBy(() -> journal.commit(epoch, batch))
        .isInstanceOf(JournalException.Mismatch.class);
    LoadedRows loaded = load();
    assertThat(loaded.tasks.keySet()).isEqualTo(open);
    assertThat(loaded.head.commit()).isLessThan(batch.number());
    Set<TaskId> admitted =
        Set.copyOf(batch.tasks().admitted().stream().map(task -> task.row().id()).toList());
    assertThat(reader.existing(admitted).toCompletableFuture().join()).isSubsetOf(open);
  }

  private LoadedRows load() {
    LoadedRows rows = new LoadedRows();
    journal.loadOpen(epoch, rows);
    return rows;
  }
}
