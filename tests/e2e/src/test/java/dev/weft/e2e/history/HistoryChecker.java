package dev.weft.e2e.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Judges a run by what the client was told and by what the mesh says afterwards.
 *
 * <ul>
 *   <li>I1 no loss, I2 fencing, I4 legal history: {@link LifeInvariant}
 *   <li>I3 bounded duplicates: {@link DuplicateInvariant}
 *   <li>I5 retries: {@link RetryInvariant}
 *   <li>I6 order: {@link OrderInvariant}
 *   <li>I7 credits: {@link CreditInvariant}
 *   <li>I8 quota: {@link QuotaInvariant}
 *   <li>I10 cancel: {@link CancelInvariant}
 *   <li>I13 bounded memory: {@link MemoryInvariant}
 *   <li>I14 recovery: {@link RecoveryInvariant}
 *   <li>I16 durability: {@link DurabilityInvariant}
 * </ul>
 */
public final class HistoryChecker {

  private static final List<Invariant> INVARIANTS =
      List.of(
          new LifeInvariant(),
          new DuplicateInvariant(),
          new RetryInvariant(),
          new OrderInvariant(),
          new CreditInvariant(),
          new QuotaInvariant(),
          new CancelInvariant(),
          new MemoryInvariant(),
          new RecoveryInvariant(),
          new DurabilityInvariant());

  private final Limits limits;

  public HistoryChecker() {
    this(Limits.NONE);
  }

  public HistoryChecker(Limits limits) {
    this.limits = limits;
  }

  /** Returns one sentence per broken invariant; empty means that the run keeps the promise. */
  public List<String> violations(List<Operation> operations, Map<String, TaskHistory> histories) {
    List<String> violations = new ArrayList<>();
    Run run = new Run(operations, histories, limits);
    INVARIANTS.forEach(invariant -> invariant.check(run, violations::add));
    return violations;
  }
}
