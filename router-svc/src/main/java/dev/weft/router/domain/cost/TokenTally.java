package dev.weft.router.domain.cost;

/**
 * What an attempt has used of models, and what of it on the day on which it told so last.
 *
 * @param total since it began
 * @param before that day
 * @param day of UTC, since 1970
 */
public record TokenTally(TokenUse total, TokenUse before, long day) {

  public static final TokenTally NONE = new TokenTally(TokenUse.NONE, TokenUse.NONE, 0);

  /**
   * With what is told today.
   *
   * @param use since it began
   * @return this, if that is nothing new
   */
  public TokenTally heard(TokenUse use, long today) {
    TokenUse now = total.atLeast(use);
    if (now.equals(total)) {
      return this;
    }
    return new TokenTally(now, today > day ? total : before, Math.max(day, today));
  }

  /** What of it was told on this day; nothing of a day before the last. */
  public TokenUse of(long asked) {
    return asked == day ? total.beyond(before) : TokenUse.NONE;
  }
}
