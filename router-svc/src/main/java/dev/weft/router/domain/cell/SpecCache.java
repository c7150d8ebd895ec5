package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.TaskId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Specs of recent tasks, so that what is leased at once is not read back. The oldest go first. */
final class SpecCache {

  private static final long ENTRY_OVERHEAD = 200;

  private final Map<TaskId, StoredSpec> specs = new LinkedHashMap<>();
  private final long limit;
  private long bytes;

  SpecCache(long limit) {
    this.limit = limit;
  }

  void put(StoredSpec spec) {
    StoredSpec old = specs.put(spec.task(), spec);
    bytes += size(spec) - (old == null ? 0 : size(old));
    Iterator<StoredSpec> oldest = specs.values().iterator();
    while (bytes > limit && oldest.hasNext()) {
      bytes -= size(oldest.next());
      oldest.remove();
    }
  }

  @Nullable StoredSpec get(TaskId id) {
    return specs.get(id);
  }

  void remove(TaskId id) {
    StoredSpec old = specs.remove(id);
    if (old != null) {
      bytes -= size(old);
    }
  }

  private static long size(StoredSpec spec) {
    return spec.spec().size() + ENTRY_OVERHEAD;
  }
}
