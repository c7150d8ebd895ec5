package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.UncountedDay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's budget of one day: what is spent, by what has ended and is stored, and what is
 * reserved, by what has not. The two together never exceed it, whatever runs at once.
 */
final class TenantAccount {

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final NavigableSet<Grant> open = new TreeSet<>(Grant.EARLIEST);
  private final Set<Grant> ending = new HashSet<>();

  /** The open ones that hold nothing yet, though they may cost something. */
  private final Set<Grant> bare = new HashSet<>();

  private TenantBudget budget;
  private long dayBegin;
  private Charge spent = Charge.NONE;
  private long spentMicros;
  private long reserved;

  /** What must be summed up from stored attempts can be asked for once this commit is durable. */
  private long countAfter;

  private @Nullable UncountedDay asked;
  private boolean counted;

  /** Something could not start since it is not known yet what runs needs. */
  private boolean held;

  /**
   * @param countAfter the last commit that may hold an end which this account was not told
   */
  TenantAccount(TenantBudget budget, long nowMillis, long countAfter) {
    this.budget = budget;
    this.countAfter = countAfter;
    this.dayBegin = dayOf(nowMillis);
  }

  private static long dayOf(long millis) {
    return millis - Math.floorMod(millis, DAY_MILLIS);
  }

  TenantBudget budget() {
    return budget;
  }

  /** In the same currency. */
  void budget(TenantBudget changed) {
    budget = changed;
  }

  String currency() {
    return budget.daily().currency();
  }

  Instant resets() {
    return Instant.ofEpochMilli(dayBegin + DAY_MILLIS);
  }

  /** Micros that nobody holds; below 0 when the budget was lowered under what is. */
  long free() {
    return budget.daily().micros() - spentMicros - reserved;
  }

  /**
   * Whether an attempt that needs so much may start. What runs comes first: while some of it holds
   * nothing yet, or is due for more, what is free is not known. Whoever has nothing else running
   * may start with less, as long as it is worth it, so that the rest of a budget does not lie idle.
   */
  boolean affords(long micros, long perHour, long nowMillis) {
    if (!settled(nowMillis)) {
      held = true;
      return false;
    }
    return free() >= micros
        || (reserved == 0 && Grant.millis(free(), perHour) >= Meter.SHORTEST.toMillis());
  }

  private boolean settled(long nowMillis) {
    return counted && bare.isEmpty() && !due(nowMillis);
  }

  /** Whether the share of something that runs is about to run out. */
  private boolean due(long nowMillis) {
    return !open.isEmpty()
        && open.first().untilMillis() != Meter.NEVER
        && open.first().untilMillis() - Meter.LEAD.toMillis() <= nowMillis;
  }

  /** Whether something was held up by what was not known, and now is; asked once. */
  boolean takeReleased(long nowMillis) {
    boolean released = held && settled(nowMillis);
    held &= !released;
    return released;
  }

  Grant open(Attempt attempt, long perHour, long micros) {
    Grant grant = new Grant(attempt, this, perHour);
    reserve(grant, micros);
    add(grant);
    return grant;
  }

  private void add(Grant grant) {
    open.add(grant);
    if (grant.bare()) {
      bare.add(grant);
    }
  }

  private boolean remove(Grant grant) {
    bare.remove(grant);
    return open.remove(grant);
  }

  /**
   * Its lease is stored, or its price is known at last: from here it is known how long it lasts.
   */
  void begun(Grant grant) {
    if (remove(grant)) {
      grant.holds(grant.reserved(), dayBegin);
      add(grant);
    }
  }

  /** A price that was not known when it was taken up; holds nothing so far. */
  void priced(Grant grant, long perHour) {
    if (remove(grant)) {
      grant.price(perHour);
      grant.holds(grant.reserved(), dayBegin);
      add(grant);
    }
  }

  /** What it holds is given back when its end is stored. */
  void closed(Grant grant) {
    remove(grant);
    ending.add(grant);
  }

  /** Its end is stored, by this commit. */
  void settle(Grant grant, long commit, Instant end) {
    ending.remove(grant);
    reserved -= grant.reserved();
    if (grant.priced()) {
      spend(grant.cost(Instant.ofEpochMilli(dayBegin), end));
    } else {
      // Whoever knows its price is the store.
      counted = false;
      asked = null;
      countAfter = commit;
    }
  }

  private void spend(Charge charge) {
    spent = spent.plus(charge);
    spentMicros = spent.microsCeiling();
  }

  private void reserve(Grant grant, long micros) {
    reserved += micros - grant.reserved();
    grant.holds(micros, dayBegin);
  }

  /**
   * Up to this commit everything is stored, and nothing that is stored later has an earlier time.
   */
  void durable(long commit, Instant time) {
    if (!counted && asked == null && commit >= countAfter) {
      spent = Charge.NONE;
      spentMicros = 0;
      asked = new UncountedDay(budget.tenant(), currency(), Instant.ofEpochMilli(dayBegin), time);
    }
  }

  Optional<UncountedDay> uncounted() {
    return Optional.ofNullable(asked);
  }

  /** The answer; one to a question that is no longer asked is dropped. */
  void count(UncountedDay question, Charge charge) {
    if (question.equals(asked)) {
      asked = null;
      counted = true;
      spend(charge);
    }
  }

  /** Begins the day anew if another has come; answers whether it has. */
  boolean roll(long nowMillis) {
    long day = dayOf(nowMillis);
    if (day <= dayBegin) {
      return false;
    }
    dayBegin = day;
    spent = Charge.NONE;
    spentMicros = 0;
    asked = null;
    counted = true;
    reserved = 0;
    ending.forEach(grant -> grant.holds(0, dayBegin));
    List<Grant> running = List.copyOf(open);
    open.clear();
    bare.clear();
    for (Grant grant : running) {
      // What it needs of the new day it is given when it is looked at next.
      grant.holds(0, dayBegin);
      add(grant);
    }
    return true;
  }

  /** Attempts whose share is spent and for which nothing is left; the others get a further one. */
  List<Attempt> spentUp(long nowMillis, TenantAccounts needs) {
    List<Grant> running = counted ? takeDue(nowMillis) : List.of();
    List<Attempt> spentUp = new ArrayList<>();
    for (Grant grant : running) {
      if (extend(grant, needs.need(grant.attempt, grant.microsPerHour()))) {
        add(grant);
      } else {
        spentUp.add(grant.attempt);
      }
    }
    return spentUp;
  }

  /**
   * Each holds at least what it has spent when its end could be stored, before any is given more.
   */
  private List<Grant> takeDue(long nowMillis) {
    Instant stored = Instant.ofEpochMilli(nowMillis).plus(Meter.LEAD);
    List<Grant> taken = new ArrayList<>();
    while (due(nowMillis)) {
      Grant grant = open.first();
      remove(grant);
      long used = grant.cost(Instant.ofEpochMilli(dayBegin), stored).microsCeiling();
      reserve(grant, Math.max(Math.min(used, TenantBudget.MOST), grant.reserved()));
      taken.add(grant);
    }
    return taken;
  }

  /** Gives as much as is needed, or what there is. */
  private boolean extend(Grant grant, long need) {
    long more = Math.min(need, free());
    if (Grant.millis(more, grant.microsPerHour()) < Meter.SHORTEST.toMillis()) {
      return false;
    }
    reserve(grant, grant.reserved() + more);
    return true;
  }

  /** What work waits for that its tenant can't pay for now. */
  String waitingFor() {
    if (!counted || !bare.isEmpty()) {
      return "wait: what the tenant has spent today is being counted";
    }
    return "wait: the tenant's budget of %s %s a day has %s left, which is too little for it; it begins anew at %s"
        .formatted(
            budget.daily().amount(),
            budget.daily().currency(),
            Charge.amount(Math.max(0, free())),
            resets());
  }

  TenantSpending spending(long nowMillis) {
    Charge used = spent;
    Instant now = Instant.ofEpochMilli(nowMillis);
    for (Grant grant : open) {
      used = used.plus(grant.cost(Instant.ofEpochMilli(dayBegin), now));
    }
    long micros = used.microsCeiling();
    return new TenantSpending(
        budget,
        micros,
        Math.max(0, spentMicros + reserved - micros),
        resets(),
        counted && bare.isEmpty());
  }
}
