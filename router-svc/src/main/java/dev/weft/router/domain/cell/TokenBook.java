package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenUse;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

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

  /** Its totals since it began. */
  void heard(Attempt attempt, TokenUse use) {
    TokenUse now = attempt.tokens.atLeast(use);
    if (now.equals(attempt.tokens)) {
      return;
    }
    if (unstored.isEmpty()) {
      storeAt = clock.nanos() + STORED_WITHIN.toNanos();
    }
    attempt.tokens = now;
    unstored.add(attempt);
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

  /** Whether its task has a budget in tokens, and nothing is left of it. */
  static boolean spentUp(Attempt attempt) {
    long budget = attempt.task.stream.shape.need.destination().llmTokens();
    return budget > 0 && attempt.tokensUsed() >= budget;
  }
}
