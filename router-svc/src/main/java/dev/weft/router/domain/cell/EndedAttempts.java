package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who ran what ended lately: its worker may still have output of it that no replica has taken. As
 * many as there is room for, the newest; a new placer begins with none.
 */
final class EndedAttempts {

  /** About 6 MB. */
  static final int MOST = 100_000;

  /** As long as a worker keeps what an ended attempt printed. */
  static final Duration KEEP = Duration.ofMinutes(10);

  private final long keepNanos;
  private final IdRing tasks;
  private final @Nullable Page[] pages;

  EndedAttempts(int most, Duration keep) {
    this.keepNanos = keep.toNanos();
    this.tasks = new IdRing(most);
    this.pages = new Page[IdRing.pages(most)];
  }

  /** Remembers an attempt from its end on. */
  void add(Attempt attempt) {
    TaskId task = attempt.task.id();
    int slot = tasks.add(task.high(), task.low());
    Page page = pages[slot / IdRing.PAGE];
    if (page == null) {
      page = new Page();
      pages[slot / IdRing.PAGE] = page;
    }
    page.put(slot % IdRing.PAGE, attempt);
  }

  /** Whose attempt it was; empty when it is unknown, another worker's or too long ago. */
  Optional<String> tenant(WorkerId worker, AttemptKey key, long now) {
    int slot = tasks.find(key.task().high(), key.task().low());
    for (; slot != IdRing.NONE; slot = tasks.older(slot)) {
      Page page = page(slot);
      int at = slot % IdRing.PAGE;
      if (page.fences[at] == key.fence() && page.numbers[at] == key.attempt()) {
        return worker.equals(page.workers[at]) && now - page.ends[at] <= keepNanos
            ? Optional.ofNullable(page.tenants[at])
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Nobody ran anything of this tenant. */
  void forget(String tenant) {
    for (Page page : pages) {
      if (page != null) {
        page.forget(tenant);
      }
    }
  }

  void forgetOld(long now) {
    int oldest = tasks.oldest();
    while (oldest != IdRing.NONE && now - page(oldest).ends[oldest % IdRing.PAGE] > keepNanos) {
      tasks.removeOldest();
      oldest = tasks.oldest();
    }
  }

  private Page page(int slot) {
    return Objects.requireNonNull(pages[slot / IdRing.PAGE], "a slot that is taken has its page");
  }

  /** What is known of a page's attempts; names that many share are the only references. */
  private static final class Page {

    private final long[] fences = new long[IdRing.PAGE];
    private final int[] numbers = new int[IdRing.PAGE];
    private final long[] ends = new long[IdRing.PAGE];
    private final @Nullable WorkerId[] workers = new WorkerId[IdRing.PAGE];
    private final @Nullable String[] tenants = new String[IdRing.PAGE];

    private void put(int at, Attempt attempt) {
      fences[at] = attempt.fence;
      numbers[at] = attempt.number;
      ends[at] = attempt.endedAt;
      workers[at] = attempt.worker.id();
      tenants[at] = attempt.task.tenant();
    }

    private void forget(String tenant) {
      for (int at = 0; at < tenants.length; at++) {
        if (tenant.equals(tenants[at])) {
          tenants[at] = null;
        }
      }
    }
  }
}
