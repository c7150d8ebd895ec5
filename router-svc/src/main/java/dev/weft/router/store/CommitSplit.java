package dev.weft.router.store;

import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a batch writes to the tables named by a task's id, by where it lies. Recent rows are in the
 * partition of their day; older ones may have moved to the twin.
 */
record CommitSplit(
    GroupCommit batch,
    SortedMap<DayPartition, List<ChangedTask>> recentChanges,
    List<EndedAttempt> recentAttempts,
    List<TaskResult> recentResults,
    List<ChangedTask> oldChanges,
    List<EndedAttempt> oldAttempts,
    List<TaskResult> oldResults) {

  /**
   * @param oldestRecent the first day whose open rows have not begun to move
   */
  static CommitSplit of(GroupCommit batch, DayPartition oldestRecent) {
    SortedMap<DayPartition, List<ChangedTask>> recent = new TreeMap<>();
    List<ChangedTask> oldChanges = new ArrayList<>();
    for (ChangedTask change : batch.tasks().changed()) {
      DayPartition day = DayPartition.of(change.id());
      if (day.before(oldestRecent)) {
        oldChanges.add(change);
      } else {
        recent.computeIfAbsent(day, key -> new ArrayList<>()).add(change);
      }
    }
    List<EndedAttempt> recentAttempts = new ArrayList<>();
    List<EndedAttempt> oldAttempts = new ArrayList<>();
    for (EndedAttempt attempt : batch.tasks().endedAttempts()) {
      boolean old = DayPartition.of(attempt.task()).before(oldestRecent);
      (old ? oldAttempts : recentAttempts).add(attempt);
    }
    List<TaskResult> recentResults = new ArrayList<>();
    List<TaskResult> oldResults = new ArrayList<>();
    for (TaskResult result : batch.tasks().results()) {
      boolean old = DayPartition.of(result.task()).before(oldestRecent);
      (old ? oldResults : recentResults).add(result);
    }
    return new CommitSplit(
        batch, recent, recentAttempts, recentResults, oldChanges, oldAttempts, oldResults);
  }

  List<ChangedTask> recentChanges(DayPartition day) {
    return recentChanges.getOrDefault(day, List.of());
  }

  boolean anyOld() {
    return !oldChanges.isEmpty() || !oldAttempts.isEmpty() || !oldResults.isEmpty();
  }
}
