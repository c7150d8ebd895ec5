package dev.weft.artifact.app.output;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory all live logs of this process take together. */
public final class MemoryBudget {

  private final long most;
  private final AtomicLong used = new AtomicLong();

  public MemoryBudget(long most) {
    this.most = most;
  }

  /** A log that holds nothing unsealed may always take a frame, so that every one gets on. */
  boolean allows(long held, long more) {
    return held == 0 || used.get() + more <= most;
  }

  /** Whether what is kept only for convenience should go. */
  boolean isTight() {
    return used.get() > most / 2;
  }

  void add(long delta) {
    used.addAndGet(delta);
  }

  public long used() {
    return used.get();
  }
}
