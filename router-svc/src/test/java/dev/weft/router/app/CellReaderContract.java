package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.CellReader.RequestKey;
import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every reader does. */
public abstract class CellReaderContract {

  private static final String TENANT = BatchDraft.TENANT;

  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private CellJournal journal;
  private CellReader reader;
  private long epoch;

  /** Over an empty cell. */
  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    CellFixture cell = emptyCell();
    journal = cell.journal();
    reader = cell.reader();
    epoch = cell.raiseEpoch();
    journal.loadOpen(epoch, new LoadedRows());
  }

  @Test
  void taskIsReadWithItsSpecAndTimes() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    GroupCommit batch = draft.done();
    CommitReceipt admitted = journal.commit(epoch, batch);
    BatchDraft next = memory.next();
    LeaseRef lease = next.lease(1);
    TaskProgress progress = new TaskProgress(TaskState.LEASED, 0, 0, 0, lease, 0);
    CommitReceipt leased = journal.commit(epoch, next.change(id, progress).done());

    StoredTask task = get(reader.task(TENANT, id)).orElseThrow();

    assertThat(task.row().origin()).isEqualTo(batch.tasks().admitted().getFirst().row().origin());
    assertThat(task.row().progress()).isEqualTo(progress);
    assertThat(task.revision()).isEqualTo(2);
    assertThat(task.spec()).isEqualTo(BatchDraft.spec(id));
    assertThat(task.times())
        .isEqualTo(
            new StoredTask.Times(admitted.commitTime(), leased.commitTime(), leased.commitTime()));
    assertThat(task.result()).isEmpty();
    assertThat(task.problem()).isEmpty();
  }

  @Test
  void anotherTenantsTaskIsUnknown() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    journal.commit(epoch, draft.done());

    assertThat(get(reader.task("ten_b", id))).isEmpty();
    assertThat(get(reader.tasks("ten_b", Set.of(id)))).isEmpty();
    assertThat(get(reader.events("ten_b", id, EventCursor.START)).steps()).isEmpty();
    assertThat(get(reader.decisions("ten_b", id))).isEmpty();
    assertThat(get(reader.page(page("ten_b", Set.of(), null, 10))).tasks()).isEmpty();
  }

  @Test
  void succeededTaskHasItsResult() {
    Ran ran = ran();

    journal.commit(epoch, memory.next().succeed(ran.id, ran.lease, "fine").done());

    StoredTask task = get(reader.task(TENANT, ran.id)).orElseThrow();
    assertThat(task.result()).contains(BatchDraft.document("fine"));
    assertThat(get(reader.attempts(ran.id))).isEmpty();
  }

  @Test
  void failedTaskHasItsProblemAndTheLastAttemptsResult() {
    Ran ran = ran();
    fail(ran, "partial");

    StoredTask task = get(reader.task(TENANT, ran.id)).orElseThrow();

    assertThat(task.problem()).contains(BatchDraft.PROBLEM);
    assertThat(task.result()).contains(BatchDraft.document("partial"));
  }

  @Test
  void attemptsAreReadOldestFirstAsTheyWereWritten() {
    Ran ran = ran();
    BatchDraft draft = memory.next();
    draft.end(ran.id, ran.lease, AttemptState.LOST, null);
    LeaseRef second = draft.lease(2);
    draft.change(ran.id, new TaskProgress(TaskState.LEASED, 0, 0, 1, second, 0));
    GroupCommit lost = draft.done();
    CommitReceipt lostReceipt = journal.commit(epoch, lost);
    GroupCommit failed = fail(new Ran(ran.id, second), "partial");

    List<StoredAttempt> attempts = get(reader.attempts(ran.id));

    assertThat(attempts)
        .extracting(StoredAttempt::attempt)
        .containsExactly(
            lost.tasks().endedAttempts().getFirst(), failed.tasks().endedAttempts().getFirst());
    assertThat(attempts.getFirst().endTime()).isEqualTo(lostReceipt.commitTime());
  }

  @Test
  void severalTasksAreReadAsInAPage() {
    BatchDraft draft = memory.next();
    TaskId first = draft.admit();
    TaskId second = draft.admit();
    draft.admit();
    journal.commit(epoch, draft.done());

    List<StoredTask> tasks = get(reader.tasks(TENANT, Set.of(first, second, memory.newId())));

    assertThat(tasks).extracting(task -> task.row().id()).containsExactlyInAnyOrder(first, second);
    assertThat(tasks).allSatisfy(task -> assertThat(task.spec()).isEqualTo(Document.EMPTY));
  }

  @Test
  void pagesGoFromTheNewestToTheOldest() {
    List<TaskId> ids = new ArrayList<>();
    BatchDraft draft = memory.next();
    for (int i = 0; i < 7; i++) {
      ids.addFirst(draft.admit());
      draft.admit("ten_b", "");
    }
    journal.commit(epoch, draft.done());

    TaskPage first = get(reader.page(page(TENANT, Set.of(), null, 3)));
    TaskPage second = get(reader.page(page(TENANT, Set.of(), first.next().orElseThrow(), 3)));
    TaskPage third = get(reader.page(page(TENANT, Set.of(), second.next().orElseThrow(), 3)));

    assertThat(idsOf(first)).isEqualTo(ids.subList(0, 3));
    assertThat(idsOf(second)).isEqualTo(ids.subList(3, 6));
    assertThat(idsOf(third)).isEqualTo(ids.subList(6, 7));
    assertThat(third.next()).isEmpty();
  }

  @Test
  void pageOfExactlyAllHasNoNext() {
    BatchDraft draft = memory.next();
    draft.admit();
    draft.admit();
    journal.commit(epoch, draft.done());

    assertThat(get(reader.page(page(TENANT, Set.of(), null, 2))).next()).isEmpty();
  }

  @Test
  void pagesOfSomeStatesTogetherHaveAllOfThem() {
    Ran ran = ran();
    BatchDraft draft = memory.next();
    for (int i = 0; i < 5; i++) {
      draft.admit();
    }
    draft.succeed(ran.id, ran.lease, "fine");
    journal.commit(epoch, draft.done());
    Ran other = ran();
    journal.commit(epoch, memory.next().succeed(other.id, other.lease, "fine").done());

    List<TaskId> found = new ArrayList<>();
    Optional<TaskId> before = Optional.empty();
    do {
      TaskPage page =
          get(reader.page(new PageQuery(TENANT, Set.of(TaskState.SUCCEEDED), before, 1)));
      found.addAll(idsOf(page));
      before = page.next();
    } while (before.isPresent());

    assertThat(found).containsExactly(other.id, ran.id);
  }

  @Test
  void eventsAreTheTasksStepsInOrder() {
    Ran ran = ran();
    BatchDraft noise = memory.next();
    noise.admit();
    journal.commit(epoch, noise.done());
    fail(ran, null);

    EventChain chain = get(reader.events(TENANT, ran.id, EventCursor.START));

    assertThat(chain.complete()).isTrue();
    assertThat(chain.steps())
        .extracting(step -> step.change().state())
        .containsExactly(TaskState.QUEUED, TaskState.LEASED, TaskState.FAILED);
    assertThat(chain.steps())
        .extracting(EventChain.Step::cursor)
        .containsExactly(new EventCursor(1, 0), new EventCursor(1, 1), new EventCursor(3, 0));
    assertThat(chain.steps().getLast().change().reason()).isEqualTo("EXIT_NONZERO");
    assertThat(chain.steps().getLast().change().worker()).isEqualTo(BatchDraft.WORKER);
  }

  @Test
  void eventsGoOnAfterACursor() {
    Ran ran = ran();
    fail(ran, null);

    assertThat(statesAfter(ran.id, new EventCursor(1, 0)))
        .containsExactly(TaskState.LEASED, TaskState.FAILED);
    assertThat(statesAfter(ran.id, new EventCursor(1, 1))).containsExactly(TaskState.FAILED);
    assertThat(statesAfter(ran.id, new EventCursor(2, 0))).isEmpty();
  }

  @Test
  void decisionsOfATaskAreThoseOfItsLeasesAndOfItsShapesWaits() {
    BatchDraft draft = memory.next();
    TaskId id = draft.admit();
    journal.commit(epoch, draft.wait(3, TENANT, "no worker").done());
    journal.commit(epoch, memory.next().decision(TENANT, "another's").done());
    BatchDraft leasing = memory.next();
    leasing.change(id, new TaskProgress(TaskState.LEASED, 0, 0, 0, leasing.lease(1), 0));
    CommitReceipt leased = journal.commit(epoch, leasing.decision(TENANT, "this one").done());

    List<StoredDecisions> decisions = get(reader.decisions(TENANT, id));

    assertThat(decisions).extracting(StoredDecisions::commit).containsExactly(3L, 1L);
    assertThat(decisions.getFirst())
        .isEqualTo(
            new StoredDecisions(3, leased.commitTime(), false, BatchDraft.document("this one")));
    assertThat(decisions.getLast().ofShape()).isTrue();
    assertThat(decisions.getLast().body()).isEqualTo(BatchDraft.document("no worker"));
  }

  @Test
  void whatTheShapeWaitedForInOtherTimesIsNotTheTasksReason() {
    journal.commit(epoch, memory.next().wait(3, TENANT, "long ago").done());
    journal.commit(epoch, memory.next().wait(3, TENANT, "just before").done());
    Ran atOnce = ran();
    BatchDraft draft = memory.next();
    TaskId waiting = draft.admit();
    journal.commit(epoch, draft.done());
    journal.commit(epoch, memory.next().wait(3, TENANT, "meanwhile").done());
    BatchDraft leasing = memory.next();
    leasing.change(waiting, new TaskProgress(TaskState.LEASED, 0, 0, 0, leasing.lease(1), 0));
    journal.commit(epoch, leasing.decision(TENANT, "placed").done());
    journal.commit(epoch, memory.next().wait(3, TENANT, "afterwards").done());

    assertThat(get(reader.decisions(TENANT, waiting)))
        .extracting(StoredDecisions::body)
        .containsExactly(
            BatchDraft.document("placed"),
            BatchDraft.document("meanwhile"),
            BatchDraft.document("just before"));
    assertThat(get(reader.decisions(TENANT, atOnce.id))).noneMatch(StoredDecisions::ofShape);
  }

  @Test
  void keysAreKnownByTenant() {
    BatchDraft draft = memory.next();
    TaskId first = draft.admit(TENANT, "key");
    TaskId second = draft.admit("ten_b", "key");
    draft.admit(TENANT, "");
    journal.commit(epoch, draft.done());
    RequestKey mine = new RequestKey(TENANT, "key");
    RequestKey theirs = new RequestKey("ten_b", "key");
    RequestKey unknown = new RequestKey(TENANT, "other");

    Map<RequestKey, KnownKey> known = get(reader.keys(Set.of(mine, theirs, unknown)));

    Document digest = BatchDraft.document("digest");
    assertThat(known)
        .isEqualTo(Map.of(mine, new KnownKey(first, digest), theirs, new KnownKey(second, digest)));
  }

  @Test
  void existingIdsAreFoundInWhateverStateAndTenant() {
    Ran ran = ran();
    BatchDraft draft = memory.next();
    draft.succeed(ran.id, ran.lease, "fine");
    TaskId other = draft.admit("ten_b", "");
    journal.commit(epoch, draft.done());

    assertThat(get(reader.existing(Set.of(ran.id, other, memory.newId()))))
        .containsExactlyInAnyOrder(ran.id, other);
  }

  @Test
  void specsAreReadByIds() {
    BatchDraft draft = memory.next();
    TaskId first = draft.admit();
    draft.admit();
    journal.commit(epoch, draft.done());

    assertThat(get(reader.specs(Set.of(first, memory.newId()))))
        .containsExactly(new StoredSpec(first, BatchDraft.spec(first), "00-ab", BatchDraft.USER));
  }

  @Test
  void whoseTasksAreIsReadByIds() {
    BatchDraft draft = memory.next();
    TaskId first = draft.admit();
    draft.admit();
    journal.commit(epoch, draft.done());

    assertThat(get(reader.users(Set.of(first, memory.newId()))))
        .isEqualTo(Map.of(first, BatchDraft.USER));
  }

  private record Ran(TaskId id, LeaseRef lease) {}

  private Ran ran() {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId id = draft.admit(memory.newId(), TENANT, "", lease);
    journal.commit(epoch, draft.done());
    return new Ran(id, lease);
  }

  private GroupCommit fail(Ran ran, String result) {
    BatchDraft draft = memory.next();
    int number = ran.lease.number();
    draft.end(ran.id, ran.lease, AttemptState.FAILED, result);
    draft.deadLetter(ran.id, number);
    draft.change(
        ran.id,
        new TaskProgress(TaskState.FAILED, 0, 1, 0, ran.lease, result == null ? 0 : number));
    GroupCommit batch = draft.done();
    journal.commit(epoch, batch);
    return batch;
  }

  private List<TaskState> statesAfter(TaskId id, EventCursor cursor) {
    return get(reader.events(TENANT, id, cursor)).steps().stream()
        .map(step -> step.change().state())
        .toList();
  }

  private static PageQuery page(String tenant, Set<TaskState> states, TaskId before, int size) {
    return new PageQuery(tenant, states, Optional.ofNullable(before), size);
  }

  private static List<TaskId> idsOf(TaskPage page) {
    return page.tasks().stream().map(task -> task.row().id()).toList();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
