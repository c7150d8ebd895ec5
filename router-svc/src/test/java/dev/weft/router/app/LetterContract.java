package dev.weft.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every journal keeps dead letters, and every reader shows them. */
public abstract class LetterContract {

  private static final String TENANT = BatchDraft.TENANT;
  private static final Problem POISON = new Problem(10, "POISON", "lost", Map.of());

  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private CellJournal journal;
  private CellReader reader;
  private LetterReader letters;
  private long epoch;

  /** Over an empty cell. */
  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    CellFixture cell = emptyCell();
    journal = cell.journal();
    reader = cell.reader();
    letters = cell.letters();
    epoch = cell.raiseEpoch();
    journal.loadOpen(epoch, new LoadedRows());
  }

  @Test
  void letterIsReadAsItWasWritten() {
    TaskId task = admitted(TENANT);
    CommitReceipt failed = fail(task, BatchDraft.PROBLEM);

    StoredLetter letter = get(letters.letter(TENANT, task)).orElseThrow();

    assertThat(letter.task()).isEqualTo(task);
    assertThat(letter.letter().attempts()).isEqualTo(1);
    assertThat(letter.letter().problem()).isEqualTo(BatchDraft.PROBLEM);
    assertThat(letter.priority()).isEqualTo(PriorityClass.P4);
    assertThat(letter.ended()).isEqualTo(failed.commitTime());
    assertThat(letter.settled()).isNull();
    assertThat(page(LetterFilter.ANY)).containsExactly(task);
  }

  @Test
  void anotherTenantsLetterIsUnknown() {
    TaskId task = admitted(TENANT);
    fail(task, BatchDraft.PROBLEM);

    assertThat(get(letters.letter("ten_b", task))).isEmpty();
    assertThat(
            get(letters.letters(
                    new LetterQuery("ten_b", LetterFilter.ANY, true, Optional.empty(), 10)))
                .letters())
        .isEmpty();
    assertThat(get(letters.letter(TENANT, admitted(TENANT)))).isEmpty();
  }

  @Test
  void redrivenLetterLeavesTheQueueAndNamesTheNewTask() {
    TaskId task = admitted(TENANT);
    fail(task, BatchDraft.PROBLEM);
    BatchDraft draft = memory.next();
    TaskId again = draft.admit();
    CommitReceipt redriven = journal.commit(epoch, draft.settle(task, again).done());

    StoredLetter letter = get(letters.letter(TENANT, task)).orElseThrow();

    assertThat(letter.redrivenAs()).isEqualTo(again);
    assertThat(letter.settled()).isEqualTo(redriven.commitTime());
    assertThat(page(LetterFilter.ANY)).isEmpty();
    LetterQuery all = new LetterQuery(TENANT, LetterFilter.ANY, true, Optional.empty(), 10);
    assertThat(get(letters.letters(all)).letters()).containsExactly(letter);
    assertThat(get(reader.task(TENANT, task)).orElseThrow().redrive())
        .isEqualTo(new StoredTask.Redrive(Optional.empty(), Optional.of(again)));
    assertThat(get(reader.task(TENANT, again)).orElseThrow().redrive())
        .isEqualTo(new StoredTask.Redrive(Optional.of(task), Optional.empty()));
  }

  @Test
  void purgedLetterIsListedNowhereAndTheTaskStillSaysWhyItFailed() {
    TaskId task = admitted(TENANT);
    fail(task, BatchDraft.PROBLEM);
    journal.commit(epoch, memory.next().settle(task, null).done());

    LetterQuery all = new LetterQuery(TENANT, LetterFilter.ANY, true, Optional.empty(), 10);
    assertThat(get(letters.letters(all)).letters()).isEmpty();
    StoredLetter letter = get(letters.letter(TENANT, task)).orElseThrow();
    assertThat(letter.settled()).isNotNull();
    assertThat(letter.redrivenAs()).isNull();
    StoredTask stored = get(reader.task(TENANT, task)).orElseThrow();
    assertThat(stored.problem()).contains(BatchDraft.PROBLEM);
    assertThat(stored.redrive()).isEqualTo(StoredTask.Redrive.NONE);
  }

  @Test
  void letterThatIsSettledTwiceUndoesTheCommit() {
    TaskId task = admitted(TENANT);
    fail(task, BatchDraft.PROBLEM);
    BatchDraft first = memory.next();
    TaskId again = first.admit();
    journal.commit(epoch, first.settle(task, again).done());
    BatchDraft second = memory.next();
    TaskId twice = second.admit();

    assertThatThrownBy(() -> journal.commit(epoch, second.settle(task, twice).done()))
        .isInstanceOf(JournalException.Mismatch.class);

    assertThat(get(reader.existing(Set.of(twice)))).isEmpty();
    assertThat(get(letters.letter(TENANT, task)).orElseThrow().redrivenAs()).isEqualTo(again);
  }

  @Test
  void letterThatIsNoLongerKeptDoesNotHoldTheCommitUp() {
    BatchDraft draft = memory.next();
    TaskId task = draft.admit();
    journal.commit(epoch, draft.settle(memory.newId(), task).done());

    assertThat(get(reader.task(TENANT, task))).isPresent();
  }

  @Test
  void onlyTheTenantsOwnLetterIsSettled() {
    TaskId foreign = admitted("ten_b");
    fail(foreign, BatchDraft.PROBLEM);
    journal.commit(epoch, memory.next().settleAs(TENANT, foreign).done());

    assertThat(get(letters.letter("ten_b", foreign)).orElseThrow().settled()).isNull();
  }

  @Test
  void lettersAreFilteredByReasonClassAndTime() {
    TaskId first = admitted(TENANT);
    Instant begin = fail(first, BatchDraft.PROBLEM).commitTime();
    TaskId second = admitted(TENANT);
    Instant end = fail(second, POISON).commitTime();

    assertThat(page(reasons("POISON"))).containsExactly(second);
    assertThat(page(reasons("POISON", "EXIT_NONZERO"))).containsExactly(second, first);
    assertThat(page(classes(PriorityClass.P4))).containsExactly(second, first);
    assertThat(page(classes(PriorityClass.P0))).isEmpty();
    assertThat(page(between(end, LetterFilter.NEVER))).containsExactly(second);
    assertThat(page(between(begin, end))).containsExactly(first);
    assertThat(page(between(LetterFilter.ALWAYS, begin))).isEmpty();
  }

  @Test
  void pagesMeetEachLetterOnceAlsoThoseOfOneCommit() {
    List<TaskId> tasks = List.of(admitted(TENANT), admitted(TENANT), admitted(TENANT));
    BatchDraft draft = memory.next();
    tasks.forEach(task -> failIn(draft, task, BatchDraft.PROBLEM));
    journal.commit(epoch, draft.done());

    LetterQuery query = new LetterQuery(TENANT, LetterFilter.ANY, false, Optional.empty(), 2);
    LetterPage first = get(letters.letters(query));
    LetterPage second =
        get(letters.letters(new LetterQuery(TENANT, LetterFilter.ANY, false, first.next(), 2)));

    assertThat(first.letters())
        .extracting(StoredLetter::task)
        .containsExactly(tasks.get(2), tasks.get(1));
    assertThat(second.letters()).extracting(StoredLetter::task).containsExactly(tasks.get(0));
    assertThat(second.next()).isEmpty();
  }

  private TaskId admitted(String tenant) {
    BatchDraft draft = memory.next();
    TaskId task = draft.admit(tenant, "");
    journal.commit(epoch, draft.done());
    return task;
  }

  private CommitReceipt fail(TaskId task, Problem problem) {
    BatchDraft draft = memory.next();
    failIn(draft, task, problem);
    return journal.commit(epoch, draft.done());
  }

  private static void failIn(BatchDraft draft, TaskId task, Problem problem) {
    LeaseRef lease = draft.lease(1);
    draft
        .end(task, lease, AttemptState.FAILED, null)
        .deadLetter(task, 1, problem)
        .change(task, new TaskProgress(TaskState.FAILED, 0, 1, 0, lease, 0));
  }

  private List<TaskId> page(LetterFilter filter) {
    LetterQuery query = new LetterQuery(TENANT, filter, false, Optional.empty(), 10);
    return get(letters.letters(query)).letters().stream().map(StoredLetter::task).toList();
  }

  private static LetterFilter reasons(String... reasons) {
    return new LetterFilter(Set.of(reasons), Set.of(), LetterFilter.ALWAYS, LetterFilter.NEVER);
  }

  private static LetterFilter classes(PriorityClass priority) {
    return new LetterFilter(Set.of(), Set.of(priority), LetterFilter.ALWAYS, LetterFilter.NEVER);
  }

  private static LetterFilter between(Instant from, Instant before) {
    return new LetterFilter(Set.of(), Set.of(), from, before);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
