package dev.weft.worker.domain;

/**
 * Names one execution.
 *
 * @param fence grows with every lease of the cell, so of two attempts at a task the higher one is
 *     the valid one
 */
public record AttemptKey(String taskId, int number, long fence) {

  /** A name for directories and groups; task ids are of letters, digits and underscores. */
  public String fileName() {
    return taskId + "-" + number + "-" + fence;
  }

  @Override
  public String toString() {
    return taskId + "/" + number + "@" + fence;
  }
}
