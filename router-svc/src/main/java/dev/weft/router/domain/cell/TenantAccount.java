package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.cost.UncountedDay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's budget of one day, in money and in tokens: what is spent, by what has ended and is
 * stored, and what is reserved, by what has not. The two together never exceed it, whatever runs at
 * once.
 */
final class TenantAccount {

  /** Beyond any budget; above that it makes no difference, and sums stay within a long. */
  private static final long MOST_COUNTED = 2 * TenantBudget.MOST;

  private final OpenGrants open = new OpenGrants();
  private final Set<Grant> ending = new HashSet<>();
  private final DayCount day;
  final SeenUse seen = new SeenUse();
  final TokenPurse tokens;
  private TenantBudget budget;
  private Charge spent = Charge.NONE;
  private long spentMicros;
  private long reserved;

  /** Tokens of models were paid for, or told of, since this account is known. */
  private boolean modelsPaid;

  /** Something could not start since it is not known yet what runs needs. */
  private boolean held;

  /** It was tokens that the last one that could not start lacked. */
  private boolean tokensLacked;

  /**
   * @param countAfter the last commit that may hold an end which this account was not told
   */
  TenantAccount(TenantBudget budget, long nowMillis, long countAfter) {
    this.budget = budget;
    this.day = new DayCount(nowMillis, countAfter);
    this.tokens = new TokenPurse(budget.dailyTokens(), seen);
  }

  TenantBudget budget() {
    return budget;
  }

  /** In the same currency. */
  void budget(TenantBudget changed) {
    budget = changed;
    tokens.budget(changed.dailyTokens());
  }

  /** Empty without a budget in money. */
  String currency() {
    return budget.daily().currency();
  }

  Instant resets() {
    return day.resets();
  }

  /** Micros that nobody holds; below 0 when the budget was lowered under what is. */
  long free() {
    return budget.daily().micros() - Math.min(spentMicros, MOST_COUNTED) - reserved;
  }

  /**
   * Whether the next attempt of this task may start, which needs so much. What runs comes first:
   * while some of it holds nothing yet, or is due for more, what is free is not known. Whoever has
   * nothing else running may start with less, as long as it is worth it, so that the rest of a
   * budget does not lie idle.
   */
  boolean affords(TaskEntry entry, long micros, long perHour, long nowMillis) {
    if (micros == 0 && !tokens.isSet() && affordsMoney(0)) {
      return true;
    }
    if (!settled(nowMillis)) {
      held = true;
      return false;
    }
    tokensLacked = !tokens.affords(tokens.need(entry));
    return !tokensLacked && (affordsMoney(micros) || worthTheRest(perHour));
  }

  /**
   * Time that costs nothing is free without end, tokens are not, however little is known of them.
   */
  private boolean affordsMoney(long micros) {
    return micros == 0 ? currency().isEmpty() || free() > 0 || !modelsPaid : free() >= micros;
  }

  private boolean worthTheRest(long perHour) {
    return reserved == 0
        && free() > 0
        && Grant.millis(free(), perHour) >= Meter.SHORTEST.toMillis();
  }

  private boolean settled(long nowMillis) {
    return !counting() && !open.due(nowMillis) && !tokens.due();
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
    open.add(grant);
    return grant;
  }

  /** Of one that starts now; what was taken up while it ran is given its share when it is due. */
  void reserveTokens(Grant grant, TaskEntry entry) {
    if (tokens.isSet()) {
      tokens.reserve(grant, tokens.need(entry));
    }
  }

  /** What it has used of models is told, or looked at anew. */
  void metered(Grant grant, ModelPrices prices) {
    Instant start = grant.attempt.start;
    TokenUse today = grant.attempt.tokens.of(day.number());
    tokens.told(grant, Math.min(today.total(), TenantBudget.MOST_TOKENS));
    if (start != null && open.remove(grant)) {
      grant.models(prices.charge(today, start, currency()));
      modelsPaid |= grant.models().microsCeiling() > 0;
      grant.holds(grant.reserved(), day.beginMillis());
      open.add(grant);
    }
  }

  /**
   * Its lease is stored, or its price is known at last: from here it is known how long it lasts.
   */
  void begun(Grant grant) {
    if (open.remove(grant)) {
      grant.holds(grant.reserved(), day.beginMillis());
      open.add(grant);
    }
  }

  /** A price that was not known when it was taken up; holds nothing so far. */
  void priced(Grant grant, long perHour) {
    if (open.remove(grant)) {
      grant.price(perHour);
      grant.holds(grant.reserved(), day.beginMillis());
      open.add(grant);
    }
  }

  /** What it holds is given back when its end is stored. */
  void closed(Grant grant) {
    open.remove(grant);
    tokens.closed(grant);
    ending.add(grant);
  }

  /** Its end is stored, by this commit. */
  void settle(Grant grant, long commit, Instant end) {
    ending.remove(grant);
    reserved -= grant.reserved();
    tokens.settle(grant);
    seen.ended(
        grant.attempt.task.stream.shape.need.executor(),
        grant.tokens(),
        Math.min(grant.models().microsCeiling(), TenantBudget.MOST));
    if (grant.priced()) {
      spend(grant.cost(day.begin(), end));
    } else {
      // Whoever knows its price is the store.
      day.recount(commit);
    }
  }

  private void spend(Charge charge) {
    spent = spent.plus(charge);
    spentMicros = spent.microsCeiling();
  }

  private void reserve(Grant grant, long micros) {
    reserved += micros - grant.reserved();
    grant.holds(micros, day.beginMillis());
  }

  /**
   * Up to this commit everything is stored, and nothing that is stored later has an earlier time.
   */
  void durable(long commit, Instant time) {
    if (day.durable(commit, time, budget.tenant(), currency())) {
      spent = Charge.NONE;
      spentMicros = 0;
      tokens.recount();
    }
  }

  Optional<UncountedDay> uncounted() {
    return day.asked();
  }

  /** The answer; one to a question that is no longer asked is dropped. */
  void count(UncountedDay question, DaySpent answer) {
    if (day.answered(question)) {
      spend(answer.money());
      tokens.spend(answer.tokens());
      modelsPaid |= answer.tokens() > 0;
    }
  }

  /** Begins the day anew if another has come; answers whether it has. */
  boolean roll(long nowMillis) {
    if (!day.roll(nowMillis)) {
      return false;
    }
    spent = Charge.NONE;
    spentMicros = 0;
    reserved = 0;
    tokens.empty();
    ending.forEach(grant -> grant.newDay(day.beginMillis()));
    for (Grant grant : open.all()) {
      open.remove(grant);
      // What it needs of the new day it is given when it is looked at next.
      grant.newDay(day.beginMillis());
      open.add(grant);
    }
    return true;
  }

  /** Attempts whose share is spent and for which nothing is left; the others get a further one. */
  List<Attempt> spentUp(long nowMillis, TenantAccounts needs) {
    List<Grant> running = day.counted() ? takeDue(nowMillis) : List.of();
    List<Attempt> spentUp = new ArrayList<>();
    for (Grant grant : running) {
      if (extend(grant, needs.need(grant.attempt, grant.microsPerHour()))) {
        open.add(grant);
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
    for (Grant grant = open.takeDue(nowMillis); grant != null; grant = open.takeDue(nowMillis)) {
      long used = grant.cost(day.begin(), stored).microsCeiling();
      reserve(grant, Math.max(Math.min(used, TenantBudget.MOST), grant.reserved()));
      taken.add(grant);
    }
    return taken;
  }

  /** Gives as much as is needed, or what there is. */
  private boolean extend(Grant grant, long need) {
    long left = free();
    long more = Math.min(need, left);
    if (left <= 0 || Grant.millis(more, grant.microsPerHour()) < Meter.SHORTEST.toMillis()) {
      return false;
    }
    reserve(grant, grant.reserved() + more);
    return true;
  }

  /** The same of tokens. */
  List<Attempt> tokensSpentUp() {
    return day.counted() ? tokens.spentUp() : List.of();
  }

  /** What is free is not known yet. */
  boolean counting() {
    return !day.counted() || open.anyBare();
  }

  /** Whether it was tokens that the last one that could not start lacked. */
  boolean lacksTokens() {
    return tokensLacked;
  }

  TenantSpending spending(long nowMillis) {
    Charge used = spent;
    Instant now = Instant.ofEpochMilli(nowMillis);
    for (Grant grant : open.all()) {
      used = used.plus(grant.cost(day.begin(), now));
    }
    long micros = used.microsCeiling();
    return new TenantSpending(
        budget,
        micros,
        Math.max(0, spentMicros + reserved - micros),
        tokens.standing(),
        resets(),
        !counting());
  }
}
