package dev.weft.worker.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps every result until the placer says that it is settled. A result is sent once per stream; a
 * new stream starts anew. Bounded: when it is full the worker takes no more work. Not safe for
 * threads.
 */
public final class ResultOutbox {

  private final int maxResults;
  private final long maxBytes;
  private final Map<AttemptKey, AttemptResult> kept = new LinkedHashMap<>();
  private final Set<AttemptKey> unsent = new LinkedHashSet<>();
  private long bytes;

  public ResultOutbox(int maxResults, long maxBytes) {
    this.maxResults = maxResults;
    this.maxBytes = maxBytes;
  }

  public void add(AttemptResult result) {
    if (kept.putIfAbsent(result.key(), result) == null) {
      bytes += result.weight();
      unsent.add(result.key());
    }
  }

  /**
   * The next results that this stream has not carried, oldest first, at least one if any, up to a
   * size.
   */
  public List<AttemptResult> nextUnsent(int maxBatchBytes) {
    List<AttemptResult> batch = new ArrayList<>();
    int size = 0;
    var keys = unsent.iterator();
    while (keys.hasNext()) {
      AttemptResult result = kept.get(keys.next());
      if (result == null) {
        keys.remove();
        continue;
      }
      if (!batch.isEmpty() && size + result.weight() > maxBatchBytes) {
        break;
      }
      size += result.weight();
      batch.add(result);
      keys.remove();
    }
    return batch;
  }

  /** A new stream begins: everything is to be sent again. */
  public void resendAll() {
    unsent.clear();
    unsent.addAll(kept.keySet());
  }

  /** An assignment came again whose result is known: send that result again. */
  public boolean resend(AttemptKey key) {
    return kept.containsKey(key) && (unsent.add(key) || unsent.contains(key));
  }

  /** Settled results are forgotten. */
  public void acknowledged(Collection<AttemptKey> keys) {
    for (AttemptKey key : keys) {
      AttemptResult gone = kept.remove(key);
      if (gone != null) {
        bytes -= gone.weight();
        unsent.remove(key);
      }
    }
  }

  public Set<AttemptKey> keys() {
    return Set.copyOf(kept.keySet());
  }

  public boolean isEmpty() {
    return kept.isEmpty();
  }

  public boolean isFull() {
    return kept.size() >= maxResults || bytes >= maxBytes;
  }
}
