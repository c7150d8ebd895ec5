package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.app.FakeCell;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges what a simulated cell has stored: no loss, fencing, legal history, retries, cancels. */
final class SimHistory {

  private static final Map<TaskState, Set<TaskState>> LEGAL =
      Map.of(
          TaskState.QUEUED,
          EnumSet.of(TaskState.LEASED, TaskState.CANCELLED, TaskState.EXPIRED, TaskState.FAILED),
          TaskState.LEASED,
          EnumSet.of(
              TaskState.RUNNING,
              TaskState.CANCELLING,
              TaskState.SUCCEEDED,
              TaskState.FAILED,
              TaskState.QUEUED),
          TaskState.RUNNING,
          EnumSet.of(TaskState.CANCELLING, TaskState.SUCCEEDED, TaskState.FAILED, TaskState.QUEUED),
          TaskState.CANCELLING,
          EnumSet.of(TaskState.CANCELLED));

  private static final long CLOCK_ERROR_MILLIS = 100;

  private final FakeCell store;

  SimHistory(FakeCell store) {
    this.store = store;
  }

  void check(Set<TaskId> acked, Set<TaskId> cancelAcked, Set<TaskId> executed) {
    Map<TaskId, FakeCell.Row> rows = store.tasks();
    assertThat(rows.keySet()).as("I1: acked tasks are stored").containsAll(acked);
    Map<TaskId, List<Step>> histories = histories();
    for (FakeCell.Row row : rows.values()) {
      assertThat(row.progress.state().terminal())
          .as("I1: %s ends, is %s", row.id, row.progress.state())
          .isTrue();
      history(row, histories.getOrDefault(row.id, List.of()));
      attempts(row);
    }
    for (TaskId id : cancelAcked) {
      FakeCell.Row row = rows.get(id);
      if (row != null && histories.get(id).stream().noneMatch(Step::leased)) {
        assertThat(executed).as("I10: cancelled before start").doesNotContain(id);
      }
    }
  }

  /** No SUCCEEDED after an acked cancel: the cancel's commit stands before every later one. */
  void cancelAcked(TaskId id, TaskState stateThen) {
    TaskState now = store.tasks().get(id).progress.state();
    if (!stateThen.terminal()) {
      assertThat(now).as("I10: %s was %s at the ack", id, stateThen).isEqualTo(TaskState.CANCELLED);
    } else {
      assertThat(now).isEqualTo(stateThen);
    }
  }

  private Map<TaskId, List<Step>> histories() {
    Map<TaskId, List<Step>> histories = new HashMap<>();
    store
        .events()
        .forEach(
            (commit, byTenant) ->
                byTenant
                    .values()
                    .forEach(
                        changes ->
                            changes.forEach(
                                change ->
                                    histories
                                        .computeIfAbsent(change.task(), id -> new ArrayList<>())
                                        .add(new Step(commit, change)))));
    return histories;
  }

  private static void history(FakeCell.Row row, List<Step> steps) {
    assertThat(steps).as("history of %s", row.id).isNotEmpty();
    assertThat(steps.getFirst().change.state()).isEqualTo(TaskState.QUEUED);
    long before = 0;
    long current = 0;
    int terminal = 0;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.commit != current) {
        before = current;
        current = step.commit;
      }
      assertThat(step.change.previousCommit()).as("chain of %s", row.id).isEqualTo(before);
      if (i > 0) {
        TaskState from = steps.get(i - 1).change.state();
        assertThat(LEGAL.getOrDefault(from, Set.of()))
            .as("I4: %s after %s", step.change.state(), from)
            .contains(step.change.state());
      }
      terminal += step.change.state().terminal() ? 1 : 0;
    }
    assertThat(terminal).as("I2: terminal steps of %s", row.id).isEqualTo(1);
    assertThat(steps.getLast().change.state()).isEqualTo(row.progress.state());
    assertThat(steps.getLast().commit)
        .as("the row names the last commit")
        .isEqualTo(row.lastCommit);
  }

  private void attempts(FakeCell.Row row) {
    List<StoredAttempt> ended = store.attempts(row.id);
    Set<Long> fences = new HashSet<>();
    ended.forEach(attempt -> fences.add(attempt.attempt().lease().fence()));
    assertThat(fences).as("I2: one end for each fence of %s", row.id).hasSameSizeAs(ended);
    long failures =
        ended.stream().filter(one -> one.attempt().state() == AttemptState.FAILED).count();
    assertThat(failures)
        .as("I5: failures of %s", row.id)
        .isEqualTo(row.progress.failures())
        .isLessThanOrEqualTo(row.origin.retry().maxRetries() + 1);
    assertThat(store.deadLetters().containsKey(row.id))
        .as("I5: dead letter of %s", row.id)
        .isEqualTo(row.progress.state() == TaskState.FAILED);
    assertThat(store.results().containsKey(row.id))
        .as("I2: a result only with success")
        .isEqualTo(row.progress.state() == TaskState.SUCCEEDED);
    accepted(row, ended);
    for (StoredAttempt attempt : ended) {
      Long earliest = row.notBefore.get(attempt.attempt().lease().number() - 1);
      if (earliest != null) {
        assertThat(attempt.attempt().startTime().toEpochMilli())
            .as("I5: back-off of %s", row.id)
            .isGreaterThanOrEqualTo(earliest - CLOCK_ERROR_MILLIS);
      }
    }
  }

  /** What was stored is what ran under the very fence that it is stored for. */
  private void accepted(FakeCell.Row row, List<StoredAttempt> ended) {
    LeaseRef last = row.progress.attempt();
    TaskResult result = store.results().get(row.id);
    if (result != null && last != null) {
      assertThat(result.result())
          .as("I2: the result of %s is of its last lease", row.id)
          .isEqualTo(SimWorker.mark(last.fence()));
    }
    for (StoredAttempt attempt : ended) {
      if (attempt.attempt().result() != null) {
        assertThat(attempt.attempt().result())
            .as("I2: what an attempt of %s left is its own", row.id)
            .isEqualTo(SimWorker.mark(attempt.attempt().lease().fence()));
      }
    }
  }

  private record Step(long commit, TaskChange change) {
    boolean leased() {
      return change.state() == TaskState.LEASED;
    }
  }
}
