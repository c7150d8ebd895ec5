package dev.weft.router.domain.cost;

import java.time.Instant;

/**
 * Where a tenant stands with its budget.
 *
 * @param usedMicros what its work of today has cost by now, rounded up
 * @param reservedMicros what its running work holds beyond that
 * @param tokens the same of its budget in tokens
 * @param resets when the day ends
 * @param counted false while what was spent before is still summed up; nothing starts meanwhile
 */
public record TenantSpending(
    TenantBudget budget,
    long usedMicros,
    long reservedMicros,
    TokenStanding tokens,
    Instant resets,
    boolean counted) {

  /** What is neither used nor reserved; never below 0. */
  public long leftMicros() {
    return Math.max(0, budget.daily().micros() - usedMicros - reservedMicros);
  }
}
