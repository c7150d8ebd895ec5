package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.FileHolders;
import dev.weft.router.domain.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has the files of open tasks, as their submitter knew: of the newest ten thousand, as long as
 * this placer lives. A task of which it is forgotten is placed by the score alone. One thread.
 */
final class HolderTable {

  static final int MOST = 10_000;

  private final Map<TaskId, FileHolders> byTask = new LinkedHashMap<>();

  void put(TaskEntry entry, FileHolders holders) {
    if (holders.isEmpty()) {
      return;
    }
    entry.held(true);
    byTask.put(entry.id(), holders);
    if (byTask.size() > MOST) {
      byTask.remove(byTask.keySet().iterator().next());
    }
  }

  FileHolders of(TaskEntry entry) {
    return entry.held() ? byTask.getOrDefault(entry.id(), FileHolders.NONE) : FileHolders.NONE;
  }

  void remove(TaskEntry entry) {
    if (entry.held()) {
      byTask.remove(entry.id());
    }
  }

  int size() {
    return byTask.size();
  }
}
