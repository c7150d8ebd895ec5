package dev.weft.e2e.history;

import dev.weft.proto.tasks.v1.TaskState;

/**
 * One entry of the operation log, in the order in which the client saw it.
 *
 * <p>Every {@link Invoke} is followed by at most one {@link Ok}, {@link Fail} or {@link Info} with
 * the same number: OK was answered, nothing happened for certain, or nobody knows.
 */
public sealed interface Operation {

  long number();

  long atNanos();

  record Invoke(long number, long atNanos, String what) implements Operation {}

  /** The call was answered OK for this task. */
  record Ok(long number, long atNanos, String taskId) implements Operation {}

  record Fail(long number, long atNanos, String reason) implements Operation {}

  record Info(long number, long atNanos, String reason) implements Operation {}

  /**
   * A cancel was answered OK.
   *
   * @param state where the answer said that the task stood
   */
  record Cancelled(long number, long atNanos, String taskId, TaskState state)
      implements Operation {}

  /** A process was killed, paused or cut off. */
  record Fault(long number, long atNanos, String what, int inFlight) implements Operation {}

  /** Everything that a fault took away is there again. */
  record Healed(long number, long atNanos, String what) implements Operation {}

  /** The database can flush nothing from here on, or can again. */
  record Flushing(long number, long atNanos, boolean possible) implements Operation {}

  /** What a process held in memory at that moment. */
  record Memory(long number, long atNanos, String process, long bytes) implements Operation {}
}
