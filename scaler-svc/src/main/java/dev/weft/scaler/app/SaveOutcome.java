package dev.weft.scaler.app;

/** What became of a write. */
public enum SaveOutcome {
  /** All of it is durable. */
  SAVED,
  /**
   * Another scaler holds the cell: nothing was written, and nothing ever will be under this epoch.
   */
  EPOCH_OVER
}
