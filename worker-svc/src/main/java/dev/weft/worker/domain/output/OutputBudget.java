package dev.weft.worker.domain.output;

import java.util.concurrent.atomic.AtomicLong;

/** What all attempts of a worker may keep of unsealed output together. Safe for threads. */
public final class OutputBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  public OutputBudget(long most) {
    this.most = most;
  }

  boolean tryTake(long bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Takes it although there may be none: who has nothing kept must get on. */
  void take(long bytes) {
    taken.addAndGet(bytes);
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  public long taken() {
    return taken.get();
  }
}
