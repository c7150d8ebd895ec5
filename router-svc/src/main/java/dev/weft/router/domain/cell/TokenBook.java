package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenTally;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.journal.UsedTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What open attempts have used of models, as their workers say: written with their end, and a while
 * after it has changed. What reports nothing is not looked at.
 */
final class TokenBook {

  /** So much is forgotten at most when placer and worker are lost together. */
  static final Duration STORED_WITHIN = Duration.ofSeconds(5);

  private static final int MOST_AT_ONCE = 500;

  /** Between one such part and the next: the commit is not theirs alone. */
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final CellClock clock;
  private final Set<Attempt> unstored = new LinkedHashSet<>();
  private long storeAt;

  TokenBook(CellClock clock) {
    this.clock = clock;
  }

  /** Its totals since it began; answers whether that is new. */
  boolean heard(Attempt attempt, TokenUse use) {
    TokenTally now = attempt.tokens.heard(use, DayCount.number(clock.databaseMillis()));
    if (now.equals(attempt.tokens)) {
      return false;
    }
    if (unstored.isEmpty()) {
      storeAt = clock.nanos() + STORED_WITHIN.toNanos();
    }
    attempt.tokens = now;
    unstored.add(attempt);
    return true;
  }

  void closed(Attempt attempt, Draft draft) {
    if (unstored.remove(attempt)) {
      draft.tokens(attempt);
    }
  }

  /** Writes what has waited for long enough; called several times a second. */
  void look(Draft draft) {
    if (unstored.isEmpty() || clock.nanos() - storeAt < 0) {
      return;
    }
    Iterator<Attempt> next = unstored.iterator();
    for (int i = 0; i < MOST_AT_ONCE && next.hasNext(); i++) {
      draft.tokens(next.next());
      next.remove();
    }
    storeAt = clock.nanos() + AGAIN.toNanos();
  }

  /** What is stored of an attempt. */
  static List<UsedTokens> rows(Attempt attempt) {
    TokenTally tally = attempt.tokens;
    SortedMap<String, TokenCount> today = tally.of(tally.day()).models();
    List<UsedTokens> rows = new ArrayList<>();
    tally
        .total()
        .models()
        .forEach(
            (model, count) ->
                rows.add(
                    new UsedTokens(
                        attempt.task.id(),
                        attempt.number,
                        model,
                        count,
                        tally.day(),
                        today.getOrDefault(model, TokenCount.NONE))));
    return rows;
  }

  /** Whether its task has a budget in tokens, and nothing is left of it. */
  static boolean spentUp(Attempt attempt) {
    long budget = attempt.task.stream.shape.need.destination().llmTokens();
    return budget > 0 && attempt.tokensUsed() >= budget;
  }
}
