package dev.weft.worker.app;

import dev.weft.worker.domain.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an attempt is to end. Long work asks between its steps, and hangs what it blocks in here,
 * so that it is broken off. The first reason counts. Safe for threads.
 */
public final class Halt {

  private final List<Runnable> breaks = new ArrayList<>();
  private @Nullable EndReason reason;

  /** Takes a break back. */
  public interface Hung extends AutoCloseable {
    @Override
    void close();
  }

  /** Ends it. */
  public void end(EndReason why) {
    List<Runnable> now;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      now = List.copyOf(breaks);
    }
    now.forEach(Runnable::run);
  }

  public synchronized Optional<EndReason> reason() {
    return Optional.ofNullable(reason);
  }

  public void check() throws HaltedException {
    Optional<EndReason> why = reason();
    if (why.isPresent()) {
      throw new HaltedException(why.get());
    }
  }

  /** Runs when it is ended, at once if it is already; until the answer is closed. */
  public Hung breaks(Runnable action) {
    boolean late;
    synchronized (this) {
      late = reason != null;
      breaks.add(action);
    }
    if (late) {
      action.run();
    }
    return () -> unhang(action);
  }

  private synchronized void unhang(Runnable action) {
    breaks.remove(action);
  }
}
