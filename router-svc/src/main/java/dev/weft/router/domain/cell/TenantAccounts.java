package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.PricedIn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The budgets of tenants. A tenant without one costs a look into an often empty map. */
final class TenantAccounts {

  /** What is reserved for an attempt whose like have not been seen on its worker. */
  static final Duration UNSEEN = Duration.ofMinutes(1);

  private static final long LONGEST_SHARE_MILLIS = Duration.ofMinutes(10).toMillis();

  private final Map<String, TenantAccount> byTenant = new HashMap<>();
  private final BooleanSupplier tokensCost;
  private boolean changed;

  /** Something waits since its tenant can't pay for it. */
  private boolean refused;

  /**
   * @param tokensCost whether models have prices, so that also work on a free worker may cost
   */
  TenantAccounts(BooleanSupplier tokensCost) {
    this.tokensCost = tokensCost;
  }

  /**
   * Sets a tenant's budget. What it runs already is taken up; what has ended must be counted before
   * anything else starts, unless only the amount is another.
   *
   * @param countAfter the last commit that may hold an end of which this was not told
   */
  void set(TenantBudget budget, CellCore core, long countAfter) {
    changed = true;
    TenantAccount known = byTenant.get(budget.tenant());
    if (known != null && known.currency().equals(budget.daily().currency())) {
      known.budget(budget);
      return;
    }
    TenantAccount account = new TenantAccount(budget, core.clock.databaseMillis(), countAfter);
    byTenant.put(budget.tenant(), account);
    for (Worker worker : core.fleet.all()) {
      for (Attempt attempt : worker.openAttempts()) {
        if (attempt.task.tenant().equals(budget.tenant())) {
          attempt.grant = account.open(attempt, price(worker, account), 0);
          account.metered(attempt.grant, core.modelPrices);
        }
      }
    }
  }

  /** Its work is bounded by nothing from now on; answers whether it was. */
  boolean remove(String tenant) {
    boolean was = byTenant.remove(tenant) != null;
    changed |= was;
    return was;
  }

  /** Free of charge is what has a price in another currency or none: it ran before the budget. */
  private static long price(Worker worker, TenantAccount account) {
    WorkerView view = worker.slot.view();
    if (view == null) {
      return account.currency().isEmpty() ? 0 : Grant.UNKNOWN;
    }
    return price(view.site(), account);
  }

  private static long price(Site site, TenantAccount account) {
    return site.currency().equals(account.currency()) ? site.microsPerHour() : 0;
  }

  /** Null without a budget. */
  @Nullable TenantAccount of(String tenant) {
    return byTenant.isEmpty() ? null : byTenant.get(tenant);
  }

  /**
   * What a tenant's work must pass: with a budget only a worker that has a price for it will do.
   */
  HardFilter filter(String tenant, HardFilter base) {
    TenantAccount account = of(tenant);
    return account == null || account.currency().isEmpty()
        ? base
        : new PricedIn(account.currency(), base);
  }

  /** Whether its tenant can pay for the next attempt of this task on that worker. */
  boolean affords(TaskEntry entry, Worker worker, long nowMillis) {
    TenantAccount account = of(entry.tenant());
    if (account == null) {
      return true;
    }
    WorkerView view = Objects.requireNonNull(worker.slot.view(), "an eligible worker has a view");
    long perHour = price(view.site(), account);
    boolean affords =
        account.affords(entry, need(entry, worker, account, perHour), perHour, nowMillis);
    refused |= !affords;
    return affords;
  }

  /** Whether what the tenant could not afford just now were tokens. */
  boolean lackedTokens(String tenant) {
    TenantAccount account = of(tenant);
    return account != null && account.lacksTokens();
  }

  /** Of an attempt that is about to be its task's; null without a budget of its tenant. */
  @Nullable Grant grant(Attempt next) {
    TenantAccount account = of(next.task.tenant());
    if (account == null) {
      return null;
    }
    WorkerView view = Objects.requireNonNull(next.worker.slot.view(), "it was chosen");
    long perHour = price(view.site(), account);
    long need = need(next.task, next.worker, account, perHour);
    Grant grant = account.open(next, perHour, Math.min(need, Math.max(0, account.free())));
    account.reserveTokens(grant, next.task);
    return grant;
  }

  /** What a running attempt has used of models is told. */
  void metered(Attempt attempt, ModelPrices prices, long nowMillis) {
    Grant grant = attempt.grant;
    if (grant != null) {
      changed |= grant.account.roll(nowMillis);
      grant.account.metered(grant, prices);
    }
  }

  /** What is reserved for an attempt at once, in micros. */
  long need(Attempt attempt, long perHour) {
    TenantAccount account = Objects.requireNonNull(of(attempt.task.tenant()), "it is an account's");
    return need(attempt.task, attempt.worker, account, perHour);
  }

  private long need(TaskEntry entry, Worker worker, TenantAccount account, long perHour) {
    Budget own = entry.stream.shape.need.destination().budget();
    if (perHour == 0 && own.isSet() && !tokensCost.getAsBoolean()) {
      return 0;
    }
    if (own.isSet()) {
      // A second more than it may cost, so that its own budget ends it first.
      return own.micros() + Grant.micros(perHour, Meter.SHORTEST.toMillis());
    }
    if (perHour == 0) {
      return account.seen.micros(entry.stream.shape.need.executor());
    }
    double seen = worker.slot.responses().millis(entry.stream.shape.need.executor());
    long expected = seen == 0 ? UNSEEN.toMillis() : Math.round(seen);
    long share = Math.clamp(expected, Meter.SHORTEST.toMillis(), LONGEST_SHARE_MILLIS);
    return TokenCount.sum(
        Grant.micros(perHour, share + Meter.LEAD.toMillis()),
        account.seen.micros(entry.stream.shape.need.executor()));
  }

  /** Its lease is stored. */
  void begun(Attempt attempt) {
    if (attempt.grant != null) {
      attempt.grant.account.begun(attempt.grant);
    }
  }

  /** A worker's price, of which attempts that were leased before this placer's time may wait. */
  void seen(Worker worker, Site site) {
    if (byTenant.isEmpty()) {
      return;
    }
    for (Attempt attempt : worker.openAttempts()) {
      Grant grant = attempt.grant;
      if (grant != null && !grant.priced()) {
        grant.account.priced(grant, price(site, grant.account));
      }
    }
  }

  void closed(Attempt attempt, Draft draft) {
    if (attempt.grant != null) {
      attempt.grant.account.closed(attempt.grant);
      draft.ends(attempt.grant);
    }
  }

  /** These ends are stored by this commit, and everything before it is. */
  void durable(long commit, Instant time, List<Grant> ended) {
    if (byTenant.isEmpty()) {
      return;
    }
    roll(time.toEpochMilli());
    for (Grant grant : ended) {
      grant.account.settle(grant, commit, time);
      changed = true;
    }
    byTenant.values().forEach(account -> account.durable(commit, time));
  }

  private void roll(long nowMillis) {
    for (TenantAccount account : byTenant.values()) {
      changed |= account.roll(nowMillis);
    }
  }

  /** Attempts that must end now, since nothing is left to pay for them. */
  List<Attempt> spentUp(long nowMillis) {
    if (byTenant.isEmpty()) {
      return List.of();
    }
    roll(nowMillis);
    List<Attempt> due = new ArrayList<>();
    for (TenantAccount account : byTenant.values()) {
      due.addAll(account.spentUp(nowMillis, this));
      changed |= account.takeReleased(nowMillis);
    }
    return due;
  }

  /** The same, of tokens. */
  List<Attempt> tokensSpentUp() {
    return byTenant.isEmpty()
        ? List.of()
        : byTenant.values().stream().flatMap(each -> each.tokensSpentUp().stream()).toList();
  }

  List<UncountedDay> uncounted() {
    return byTenant.values().stream().flatMap(account -> account.uncounted().stream()).toList();
  }

  void count(UncountedDay day, DaySpent spent) {
    TenantAccount account = byTenant.get(day.tenant());
    if (account != null) {
      account.count(day, spent);
      changed = true;
    }
  }

  /** Whether somebody may afford what was refused before this was last asked. */
  boolean takeChanged() {
    boolean worthwhile = changed && refused;
    changed = false;
    refused &= !worthwhile;
    return worthwhile;
  }

  /** Of every tenant with a budget, in no order; or of one. */
  List<TenantSpending> spending(Optional<String> tenant, long nowMillis) {
    return byTenant.values().stream()
        .filter(account -> tenant.map(account.budget().tenant()::equals).orElse(true))
        .map(account -> account.spending(nowMillis))
        .toList();
  }
}
