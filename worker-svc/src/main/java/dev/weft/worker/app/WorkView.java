package dev.weft.worker.app;

import java.util.List;

/**
 * What the worker is doing, as the registry is told.
 *
 * @param connected a placer obeys its side of the contract
 */
public record WorkView(
    Activity activity,
    int slotsTotal,
    int slotsUsed,
    List<String> runningTasks,
    Tally.Totals done,
    boolean connected,
    boolean draining) {

  /** In one word. */
  public enum Activity {
    IDLE,
    EXECUTING,
    /** Its sandboxes fail, also without a task. */
    FAILED
  }
}
