package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.WorkerId;
import java.util.Map;
import java.util.Objects;

/** What the placer itself has to say about an attempt; the reasons stand in docs/errors.md. */
final class Problems {

  private static final int CANCELLED = 1;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int ABORTED = 10;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;

  static final String WORKER_LOST = "WORKER_LOST";
  static final String POISON = "POISON";
  static final String LOST_ON_LOST_FAIL = "LOST_ON_LOST_FAIL";
  static final String PREEMPTED = "PREEMPTED";
  static final String CANCELLED_BY_USER = "CANCELLED_BY_USER";
  static final String EXPIRED = "EXPIRED";
  static final String TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS";
  static final String BUDGET_EXHAUSTED = "BUDGET_EXHAUSTED";
  static final String ASSIGNMENT_REJECTED = "ASSIGNMENT_REJECTED";

  private Problems() {}

  static Problem lost(Attempt attempt, String how) {
    return new Problem(
        UNAVAILABLE,
        WORKER_LOST,
        "worker lost: " + how,
        Map.of("worker", attempt.worker.id().toString(), "how", how));
  }

  static Problem poison(int losses) {
    return new Problem(
        ABORTED,
        POISON,
        "workers lost while it ran: " + losses + " (the most that is tried)",
        Map.of("losses", Integer.toString(losses)));
  }

  static Problem tooManyAttempts(int attempts) {
    return new Problem(
        ABORTED,
        TOO_MANY_ATTEMPTS,
        "attempts: " + attempts + " (the most that a task gets, for whatever reason they ended)",
        Map.of("attempts", Integer.toString(attempts)));
  }

  static Problem lostForGood() {
    return new Problem(
        ABORTED,
        LOST_ON_LOST_FAIL,
        "worker lost, and on_lost is FAIL: it may have run, so it is not run again",
        Map.of());
  }

  static Problem preemptedForUrgent() {
    return new Problem(UNAVAILABLE, PREEMPTED, "ended to make room for a P0 task", Map.of());
  }

  static Problem preemptedByWorker() {
    return new Problem(UNAVAILABLE, PREEMPTED, "ended by the worker's drain or stop", Map.of());
  }

  static Problem preemptedForGood(Problem why) {
    return new Problem(
        ABORTED,
        LOST_ON_LOST_FAIL,
        why.message() + ", and on_lost is FAIL: it is not run again",
        Map.of());
  }

  static Problem cancelled() {
    return new Problem(CANCELLED, CANCELLED_BY_USER, "cancelled while it ran", Map.of());
  }

  static Problem rejected(String why) {
    return new Problem(
        RESOURCE_EXHAUSTED,
        ASSIGNMENT_REJECTED,
        "the worker had no room: " + why,
        Map.of("why", why));
  }

  static Problem budgetSpent(Attempt attempt, long nowMillis) {
    Spending spending = Objects.requireNonNull(attempt.spending, "only of a task with a budget");
    Charge spent = spending.spentAt(nowMillis);
    Budget budget = spending.budget();
    return budgetExhausted(
        budget,
        spent,
        attempt.number,
        "budget: %s %s, of which %s is spent in %d attempts (ended before it costs more)"
            .formatted(budget.amount(), budget.currency(), spent.amount(), attempt.number));
  }

  static Problem tenantBudgetSpent(Attempt attempt) {
    Grant grant = Objects.requireNonNull(attempt.grant, "only of a tenant with a budget");
    Budget budget = grant.account.budget().daily();
    String resets = grant.account.resets().toString();
    return new Problem(
        RESOURCE_EXHAUSTED,
        BUDGET_EXHAUSTED,
        "the tenant's budget: %s %s a day, all of which is spent or reserved until %s (ended before it costs more)"
            .formatted(budget.amount(), budget.currency(), resets),
        Map.of(
            "scope",
            "tenant",
            "budget",
            budget.amount(),
            "currency",
            budget.currency(),
            "resets",
            resets));
  }

  static Problem tenantTokensSpent(Attempt attempt) {
    Grant grant = Objects.requireNonNull(attempt.grant, "only of a tenant with a budget");
    String budget = Long.toString(grant.account.budget().dailyTokens());
    String resets = grant.account.resets().toString();
    return new Problem(
        RESOURCE_EXHAUSTED,
        BUDGET_EXHAUSTED,
        "the tenant's budget: %s tokens of models a day, all of which are used or reserved until %s"
            .formatted(budget, resets),
        Map.of("scope", "tenant_tokens", "budget", budget, "resets", resets));
  }

  static Problem tokensSpent(Attempt attempt) {
    long budget = attempt.task.stream.shape.need.destination().llmTokens();
    long used = attempt.tokensUsed();
    return new Problem(
        RESOURCE_EXHAUSTED,
        BUDGET_EXHAUSTED,
        "budget: %d tokens of models; its %d attempts have used %d"
            .formatted(budget, attempt.number, used),
        Map.of(
            "scope",
            "tokens",
            "budget",
            Long.toString(budget),
            "spent",
            Long.toString(used),
            "attempts",
            Integer.toString(attempt.number)));
  }

  static Problem budgetTooSmall(Meter meter, WorkerId worker, int attempts) {
    Budget budget = meter.budget();
    return budgetExhausted(
        budget,
        meter.before(),
        attempts,
        "budget: %s %s, of which %s is spent in %d attempts; the rest lasts %d ms on %s (needed: >= %d ms)"
            .formatted(
                budget.amount(),
                budget.currency(),
                meter.before().amount(),
                attempts,
                meter.reachMillis(),
                worker,
                Meter.SHORTEST.toMillis()));
  }

  private static Problem budgetExhausted(
      Budget budget, Charge spent, int attempts, String message) {
    return new Problem(
        RESOURCE_EXHAUSTED,
        BUDGET_EXHAUSTED,
        message,
        Map.of(
            "budget",
            budget.amount(),
            "spent",
            spent.amount(),
            "currency",
            budget.currency(),
            "attempts",
            Integer.toString(attempts)));
  }

  static Problem unexplained() {
    return new Problem(
        INTERNAL, "INTERNAL", "the worker reported a failure without a reason", Map.of());
  }
}
