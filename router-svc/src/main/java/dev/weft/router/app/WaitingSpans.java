package dev.weft.router.app;

import dev.weft.router.domain.task.TaskState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When a task waited to be placed, in commits. Why it waited is written per shape, and only when
 * the reasons change: so what was written last before the task came may be its reason, too.
 */
public final class WaitingSpans {

  private static final Span ALWAYS = new Span(0, Long.MAX_VALUE);

  private record Span(long from, long until) {}

  private final List<Span> spans;

  private WaitingSpans(List<Span> spans) {
    this.spans = spans;
  }

  /** A task that was placed by the commit that queued it has not waited. */
  public static WaitingSpans of(EventChain chain) {
    if (!chain.complete()) {
      return new WaitingSpans(List.of(ALWAYS));
    }
    List<Span> spans = new ArrayList<>();
    long queued = -1;
    for (EventChain.Step step : chain.steps()) {
      long commit = step.cursor().commit();
      if (step.change().state() == TaskState.QUEUED) {
        queued = queued < 0 ? commit : queued;
      } else if (queued >= 0) {
        if (commit > queued) {
          spans.add(new Span(queued, commit));
        }
        queued = -1;
      }
    }
    if (queued >= 0) {
      spans.add(new Span(queued, Long.MAX_VALUE));
    }
    return new WaitingSpans(spans);
  }

  /** Whether there is nothing to explain. */
  public boolean isEmpty() {
    return spans.isEmpty();
  }

  /** The last commit that may say why; meaningless when empty. */
  public long last() {
    return spans.getLast().until;
  }

  /** Which of the shape's commits say why this task waited. */
  public Set<Long> explaining(Collection<Long> commits) {
    Set<Long> chosen = new HashSet<>();
    for (Span span : spans) {
      commits.stream()
          .filter(commit -> commit < span.from)
          .max(Long::compare)
          .ifPresent(chosen::add);
      commits.stream()
          .filter(commit -> commit >= span.from && commit <= span.until)
          .forEach(chosen::add);
    }
    return chosen;
  }
}
