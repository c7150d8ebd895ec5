package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.lease.CellFence;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.app.PageQuery;
import dev.weft.router.app.StoredTask;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows of old days that are still open, and where they are found then. */
@WithPostgres
class MovedTasksIT extends PastDays {

  private static final TaskProgress CANCELLED =
      new TaskProgress(TaskState.CANCELLED, 0, 0, 0, null, 0);

  MovedTasksIT(ScratchDatabase scratch) {
    super(scratch);
  }

  @Test
  void whatStaysOpenMovesAndIsStillFoundInEveryWay() throws SQLException {
    Old open = old(LONG_OPEN);

    keep();

    assertThat(count("task_old")).isEqualTo(1);
    assertThat(count("task_spec_old")).isEqualTo(1);
    assertThat(count("attempt_old")).isEqualTo(1);
    assertThat(count(table("task", LONG_OPEN))).isZero();
    StoredTask task = get(store.reader().task(BatchDraft.TENANT, open.id())).orElseThrow();
    assertThat(task.spec()).isEqualTo(BatchDraft.spec(open.id()));
    assertThat(get(store.reader().attempts(open.id()))).hasSize(1);
    assertThat(get(store.reader().existing(Set.of(open.id())))).containsExactly(open.id());
    assertThat(get(store.reader().specs(Set.of(open.id())))).hasSize(1);
    assertThat(get(store.reader().page(all())).tasks()).hasSize(1);
    assertThat(get(store.reader().events(BatchDraft.TENANT, open.id(), EventCursor.START)).steps())
        .hasSize(2);
    LoadedRows loaded = load();
    assertThat(loaded.tasks).containsOnlyKeys(open.id());
    assertThat(loaded.failedOn).containsOnlyKeys(open.id());
  }

  @Test
  void takeoverFindsWhatHasMovedWhateverTheBucketsSay() throws SQLException {
    Old open = old(LONG_OPEN);
    keep();

    store.journal().commit(epoch, memory.next().buckets(List.of(), memory.newId().bucket()).done());

    assertThat(load().tasks).containsOnlyKeys(open.id());
  }

  @Test
  void oldTaskIsChangedWhereverItLies() throws SQLException {
    Old moved = old(LONG_OPEN);
    keep();
    Old inPlace = old(LONG_OPEN);
    BatchDraft draft = memory.next();
    TaskId recent = draft.admit();
    for (Old open : List.of(moved, inPlace)) {
      TaskProgress leased = new TaskProgress(TaskState.LEASED, 0, 1, 0, draft.lease(2), 1);
      draft.change(open.id(), leased);
    }

    store.journal().commit(epoch, draft.done());

    assertThat(load().tasks.values())
        .extracting(task -> task.row().progress().state())
        .containsExactlyInAnyOrder(TaskState.LEASED, TaskState.LEASED, TaskState.QUEUED);
    assertThat(load().tasks).containsOnlyKeys(recent, moved.id(), inPlace.id());
  }

  @Test
  void oldTaskThatStandsElsewhereIsAMismatchAndNothingIsWritten() throws SQLException {
    Old moved = old(LONG_OPEN);
    keep();
    BatchDraft draft = memory.next();
    draft.admit();
    draft.change(moved.id(), 99, CANCELLED);

    assertThatThrownBy(
            () -> store.journal().commit(epoch, draft.batch(memory.commitOf(moved.id()) + 1)))
        .isInstanceOf(JournalException.Mismatch.class);

    assertThat(load().tasks).containsOnlyKeys(moved.id());
  }

  @Test
  void oldTaskEndsWithItsResultInTheTwin() throws SQLException {
    Old moved = old(LONG_OPEN);
    keep();
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(2);

    store.journal().commit(epoch, draft.succeed(moved.id(), lease, "late").done());

    StoredTask task = get(store.reader().task(BatchDraft.TENANT, moved.id())).orElseThrow();
    assertThat(task.result()).contains(BatchDraft.document("late"));
    assertThat(load().tasks).isEmpty();
  }

  @Test
  void rowThatTheJournalIsChangingIsLeftForTheNextTime() throws SQLException {
    Old open = old(LONG_OPEN);
    try (Connection other = store.database().open()) {
      other.setAutoCommit(false);
      other
          .createStatement()
          .execute("SELECT * FROM task WHERE id = '" + open.id() + "' FOR UPDATE");

      keep();

      assertThat(count("task_old")).isZero();
      other.rollback();
    }
    keep();
    assertThat(count("task_old")).isEqualTo(1);
  }

  @Test
  void movingUnderAnOldEpochIsRefused() throws SQLException {
    old(LONG_OPEN);
    store.raiseEpoch();

    assertThatThrownBy(this::keep)
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(CellFence.refused(e)).isTrue());

    assertThat(count("task_old")).isZero();
  }

  @Test
  void whatHasMovedAndEndedIsDeletedAfterTheRetention() throws SQLException {
    Old open = old(LONG_OPEN);
    keep();
    BatchDraft draft = memory.next();
    store.journal().commit(epoch, draft.succeed(open.id(), draft.lease(2), "late").done());
    keep();
    assertThat(count("task_old")).isEqualTo(1);
    store.execute("UPDATE task_old SET updated = updated - interval '8 days'");

    keep();

    for (String table : List.of("task_old", "task_spec_old", "attempt_old", "result_old")) {
      assertThat(count(table)).as(table).isZero();
    }
  }

  private static String table(String parent, int daysAgo) {
    return new DayPartition(LocalDate.now(ZoneOffset.UTC)).minusDays(daysAgo).table(parent);
  }

  private static PageQuery all() {
    return new PageQuery(BatchDraft.TENANT, Set.of(), Optional.empty(), 10);
  }
}
