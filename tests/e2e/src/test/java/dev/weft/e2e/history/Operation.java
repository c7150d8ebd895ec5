package dev.weft.e2e.history;

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

  /** A process was killed, paused or cut off. */
  record Fault(long number, long atNanos, String what, int inFlight) implements Operation {}
}
