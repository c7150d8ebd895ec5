package dev.weft.router.domain.cost;

/**
 * Tokens of models. Sums stop at the highest number.
 *
 * @param input that went in
 * @param output that came out
 */
public record TokenCount(long input, long output) {

  public static final TokenCount NONE = new TokenCount(0, 0);

  public TokenCount {
    if (input < 0 || output < 0) {
      throw new IllegalArgumentException(
          "tokens: %d in, %d out (expected: >= 0)".formatted(input, output));
    }
  }

  public TokenCount plus(TokenCount more) {
    return new TokenCount(sum(input, more.input), sum(output, more.output));
  }

  /** The larger of each number of two views of one thing. */
  public TokenCount atLeast(TokenCount other) {
    return new TokenCount(Math.max(input, other.input), Math.max(output, other.output));
  }

  /** What is beyond an earlier view. */
  public TokenCount beyond(TokenCount earlier) {
    return new TokenCount(Math.max(0, input - earlier.input), Math.max(0, output - earlier.output));
  }

  /** In and out together. */
  public long total() {
    return sum(input, output);
  }

  /** Of two that are not negative. */
  public static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
