package dev.weft.gateway.output;

import dev.weft.gateway.domain.InvalidRequest;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a task's output: after the chunk with the number, in the attempt.
 *
 * @param number 0 is before the attempt's first chunk
 */
record OutputCursor(int attempt, long number) implements Comparable<OutputCursor> {

  static final OutputCursor START = new OutputCursor(1, 0);

  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,17})");
  private static final Comparator<OutputCursor> ORDER =
      Comparator.comparingInt(OutputCursor::attempt).thenComparingLong(OutputCursor::number);

  /**
   * Reads a cursor that was given out; empty is the start.
   *
   * @throws InvalidRequest if it is none
   */
  static OutputCursor parse(String text) {
    if (text.isEmpty()) {
      return START;
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw InvalidRequest.of("after_cursor", text, "a cursor of this task's output");
    }
    return new OutputCursor(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  OutputCursor nextAttempt() {
    return new OutputCursor(attempt + 1, 0);
  }

  boolean isBefore(OutputCursor other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(OutputCursor other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return attempt + "." + number;
  }
}
