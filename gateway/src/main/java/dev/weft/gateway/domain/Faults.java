package dev.weft.gateway.domain;

import dev.weft.gateway.domain.TaskDraft.Span;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers what is wrong with one request. */
final class Faults {

  private final List<Violation> found = new ArrayList<>();

  void add(String field, Object value, String expected) {
    found.add(Violation.of(field, value, expected));
  }

  void addAll(List<Violation> more) {
    found.addAll(more);
  }

  void unless(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      add(field, value, expected);
    }
  }

  /** A name for people or machines: so long at most, and nothing that a terminal would obey. */
  void text(String field, String value, int most) {
    unless(
        value.codePointCount(0, value.length()) <= most,
        field,
        value.codePointCount(0, value.length()) + " characters",
        "at most " + most + " characters");
    unless(
        value.codePoints().noneMatch(Character::isISOControl),
        field,
        value,
        "no control characters");
  }

  /** An unsigned number that came in a signed one. */
  void unsigned(String field, long value, long most) {
    unless(value >= 0 && value <= most, field, Long.toUnsignedString(value), "0.." + most);
  }

  /** A legal duration within bounds, both inclusive; empty if it is absent or at fault. */
  Optional<Duration> span(String field, Optional<Span> value, Duration least, Duration most) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Span span = value.get();
    if (!span.legal()) {
      add(field, span.seconds() + " s " + span.nanos() + " ns", "a google.protobuf.Duration");
      return Optional.empty();
    }
    Duration duration = span.duration();
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      add(field, seconds(duration), seconds(least) + ".." + seconds(most));
      return Optional.empty();
    }
    return Optional.of(duration);
  }

  /** As the wire's JSON writes a duration. */
  static String seconds(Duration duration) {
    BigDecimal seconds =
        BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros();
    return seconds.toPlainString() + "s";
  }

  /**
   * Ends the check.
   *
   * @throws InvalidRequest if anything was found
   */
  void raise() {
    if (!found.isEmpty()) {
      throw new InvalidRequest(found);
    }
  }
}
