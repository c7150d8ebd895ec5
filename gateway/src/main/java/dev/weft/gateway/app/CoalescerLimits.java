package dev.weft.gateway.app;

import java.time.Duration;

/**
 * Bounds of a {@link SubmitCoalescer}.
 *
 * @param mostWaiting submissions that are held, sent ones too
 * @param mostWaitingBytes and their size
 * @param mostBatch submissions in one call
 * @param mostBatchBytes and their size, unless it is a single one
 * @param tryDeadline how long one call may take before its outcome counts as unknown
 */
public record CoalescerLimits(
    int mostWaiting,
    long mostWaitingBytes,
    int mostBatch,
    long mostBatchBytes,
    Duration tryDeadline) {

  public CoalescerLimits {
    if (mostWaiting < 1 || mostWaitingBytes < 1 || mostBatch < 1 || mostBatchBytes < 1) {
      throw new IllegalArgumentException("limits: not positive (expected: >= 1)");
    }
    if (!tryDeadline.isPositive()) {
      throw new IllegalArgumentException("tryDeadline: " + tryDeadline + " (expected: > PT0S)");
    }
  }
}
