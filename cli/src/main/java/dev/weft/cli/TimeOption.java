package dev.weft.cli;

import dev.weft.cli.output.Amounts;
import dev.weft.cli.output.OptionFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** A moment as people type it: a time in UTC, or how long ago. */
final class TimeOption {
  static final Instant EARLIEST = Instant.EPOCH;
  static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final String EXPECTED =
      "a time in UTC like 2026-01-02T03:04:05Z, or how long ago: 30s, 5m, 2h, 7d";

  private TimeOption() {}

  /**
   * @throws OptionFault naming the option, the value and what is expected
   */
  static Instant parse(String option, String text, InstantSource clock) {
    Instant time = pointInTime(text);
    if (time == null) {
      time = clock.instant().minus(age(option, text));
    }
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new OptionFault(option, text, "a time of the years 1970 to 9999");
    }
    return time;
  }

  private static Duration age(String option, String text) {
    try {
      return Amounts.duration(option, text);
    } catch (OptionFault e) {
      throw new OptionFault(option, text, EXPECTED);
    }
  }

  private static @Nullable Instant pointInTime(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
