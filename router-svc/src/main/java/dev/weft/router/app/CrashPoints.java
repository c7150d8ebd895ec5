package dev.weft.router.app;

import dev.weft.router.domain.cell.Effect;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.GroupCommit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Places at which a test has the process die as by SIGKILL, to see that nothing acked is lost
 * there. Off unless a test's configuration names one.
 */
public final class CrashPoints {

  /** A named place. */
  public enum Point {
    /** A batch is sealed; the journal has not seen it. */
    BEFORE_COMMIT,
    /** A batch is durable; nobody has been told. */
    AFTER_COMMIT_BEFORE_ACK,
    /** A lease is durable; its worker has not been told. */
    AFTER_LEASE_COMMIT_BEFORE_PUSH,
    /** A result is durable; its worker has not been told. */
    AFTER_RESULT_COMMIT_BEFORE_ACK
  }

  /** Nothing ever dies. */
  public static final CrashPoints NONE = new CrashPoints(null, 0, () -> {});

  private final @Nullable Point armed;
  private final AtomicInteger left;
  private final Runnable death;

  private CrashPoints(@Nullable Point armed, int visits, Runnable death) {
    this.armed = armed;
    this.left = new AtomicInteger(visits);
    this.death = death;
  }

  /**
   * Arms one point.
   *
   * @param text {@code NAME} or {@code NAME:n} for the n-th visit; empty arms none
   */
  public static CrashPoints parse(String text, Runnable death) {
    if (text.isEmpty()) {
      return NONE;
    }
    String[] parts = text.split(":", 2);
    int visits = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
    return new CrashPoints(Point.valueOf(parts[0]), visits, death);
  }

  void beforeCommit() {
    if (armed == Point.BEFORE_COMMIT) {
      visit();
    }
  }

  void afterCommit(GroupCommit batch, Release release) {
    if (armed == null) {
      return;
    }
    boolean here =
        switch (armed) {
          case BEFORE_COMMIT -> false;
          case AFTER_COMMIT_BEFORE_ACK -> true;
          case AFTER_LEASE_COMMIT_BEFORE_PUSH ->
              release.effects().stream().anyMatch(Effect.Assign.class::isInstance);
          case AFTER_RESULT_COMMIT_BEFORE_ACK ->
              batch.tasks().changed().stream().anyMatch(task -> task.progress().state().terminal());
        };
    if (here) {
      visit();
    }
  }

  private void visit() {
    if (left.decrementAndGet() == 0) {
      death.run();
    }
  }
}
