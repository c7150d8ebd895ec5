package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys and ids admitted lately. A caller looks a key up in the journal before it
 * submits; what was admitted since that look is found here, so two racing calls make one task.
 */
final class RecentKeys {

  private static final int MOST_IDS = 1 << 16;

  private final long keepNanos;
  private final Map<Key, Known> keys = new LinkedHashMap<>();
  private final IdRing ended = new IdRing(MOST_IDS);

  RecentKeys(long keepNanos) {
    this.keepNanos = keepNanos;
  }

  @Nullable Known get(String tenant, String requestId) {
    return keys.get(new Key(tenant, requestId));
  }

  void put(String tenant, String requestId, Known known) {
    keys.put(new Key(tenant, requestId), known);
  }

  /** Remembers a task that is no longer open. */
  void ended(TaskId id) {
    ended.add(id.high(), id.low());
  }

  boolean endedLately(TaskId id) {
    return ended.find(id.high(), id.low()) != IdRing.NONE;
  }

  void forget(String tenant) {
    keys.keySet().removeIf(key -> key.tenant().equals(tenant));
  }

  void forgetOld(long now) {
    Iterator<Known> oldest = keys.values().iterator();
    while (oldest.hasNext() && now - oldest.next().sinceNanos() > keepNanos) {
      oldest.remove();
    }
  }

  /** The first task under a key. */
  record Known(TaskId task, Document digest, long sinceNanos) {}

  private record Key(String tenant, String requestId) {}
}
