package dev.weft.worker.domain.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The newest results of one layer. So many are kept that a registry which has just taken over comes
 * to the verdict of the one before. Safe for threads.
 */
public final class ProbeLog {

  static final int KEPT = 16;

  private final Deque<ProbeResult> results = new ArrayDeque<>();
  private long numbers;

  public synchronized ProbeResult add(long begun, List<ProbeFinding> findings) {
    ProbeResult result = new ProbeResult(++numbers, begun, findings);
    results.addLast(result);
    if (results.size() > KEPT) {
      results.removeFirst();
    }
    return result;
  }

  /** Those that are kept of a higher number, oldest first. */
  public synchronized List<ProbeResult> after(long number) {
    return results.stream().filter(result -> result.number() > number).toList();
  }

  public synchronized Optional<ProbeResult> newest() {
    return Optional.ofNullable(results.peekLast());
  }
}
