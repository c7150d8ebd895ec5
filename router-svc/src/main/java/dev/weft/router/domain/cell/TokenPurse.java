package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenStanding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A tenant's budget in tokens of one day, counted as {@link TenantAccount} counts its money: what
 * is spent, by what has ended and is stored, and what is held, by what has not. An attempt that has
 * told of all that it holds is given more, or ended.
 */
final class TokenPurse {

  /** What is reserved for work of whose like nothing is known. */
  static final long UNSEEN = 10_000;

  /** The least that a further share has, if there is as much. */
  static final long LEAST_SHARE = 1_000;

  private final SeenUse seen;
  private final Set<Grant> over = new LinkedHashSet<>();

  /** 0 for none. */
  private long budget;

  private long spent;
  private long held;

  /** What of the held is told of. */
  private long told;

  TokenPurse(long budget, SeenUse seen) {
    this.budget = budget;
    this.seen = seen;
  }

  void budget(long changed) {
    budget = changed;
    if (budget == 0) {
      over.clear();
    }
  }

  boolean isSet() {
    return budget > 0;
  }

  /** Tokens that nobody holds; below 0 when calls in flight used more than there was. */
  long free() {
    return budget - spent - held;
  }

  /** What is reserved for the next attempt of this task. */
  long need(TaskEntry entry) {
    long own = entry.stream.shape.need.destination().llmTokens();
    if (own > 0) {
      Attempt last = entry.attempt();
      return Math.max(1, own - (last == null ? 0 : last.tokensUsed()));
    }
    return seen.tokens(entry.stream.shape.need.executor(), UNSEEN);
  }

  /** Whoever has nothing else running may start with less, so that no rest lies idle. */
  boolean affords(long need) {
    return !isSet() || free() >= Math.max(1, need) || (held == 0 && free() >= 1);
  }

  /** Whether something that runs waits to be given more, or ended. */
  boolean due() {
    return !over.isEmpty();
  }

  void reserve(Grant grant, long tokens) {
    hold(grant, Math.min(tokens, Math.max(0, free())));
  }

  /** Told of so many today. */
  void told(Grant grant, long tokens) {
    told += tokens - grant.tokens();
    grant.tokens(tokens);
    hold(grant, Math.max(grant.tokensHeld(), tokens));
    if (isSet() && tokens > 0 && tokens >= grant.tokensHeld()) {
      over.add(grant);
    }
  }

  private void hold(Grant grant, long tokens) {
    held += tokens - grant.tokensHeld();
    grant.holdTokens(tokens);
  }

  /**
   * Attempts whose share is used up and for which nothing is left; the others get a further one.
   */
  List<Attempt> spentUp() {
    List<Attempt> spentUp = new ArrayList<>();
    for (Grant grant : List.copyOf(over)) {
      if (free() <= 0) {
        spentUp.add(grant.attempt);
      } else {
        long share = seen.tokens(grant.attempt.task.stream.shape.need.executor(), LEAST_SHARE);
        hold(grant, grant.tokens() + Math.min(Math.max(share, LEAST_SHARE), free()));
        over.remove(grant);
      }
    }
    return spentUp;
  }

  void closed(Grant grant) {
    over.remove(grant);
  }

  /** Its end is stored. */
  void settle(Grant grant) {
    hold(grant, grant.tokens());
    held -= grant.tokens();
    told -= grant.tokens();
    spend(grant.tokens());
  }

  void spend(long tokens) {
    spent = TokenCount.sum(spent, tokens);
  }

  /** What has ended is told by the store. */
  void recount() {
    spent = 0;
  }

  /** Nobody holds anything any more. */
  void empty() {
    spent = 0;
    held = 0;
    told = 0;
    over.clear();
  }

  TokenStanding standing() {
    return new TokenStanding(budget, TokenCount.sum(spent, told), Math.max(0, held - told));
  }
}
