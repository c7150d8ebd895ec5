package dev.weft.registry.domain.health;

import org.jspecify.annotations.Nullable;

/**
 * How one worker found one service each time that it asked, without a break.
 *
 * @param since when it first asked, in observed time
 * @param last when it last asked
 */
record Streak(boolean well, long since, long last) {

  /** The streak after one more answer. */
  static Streak after(@Nullable Streak before, boolean well, long asked) {
    return before != null && before.well == well
        ? new Streak(well, before.since, asked)
        : new Streak(well, asked, asked);
  }
}
