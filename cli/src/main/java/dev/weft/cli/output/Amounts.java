package dev.weft.cli.output;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
public final class Amounts {
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)([KMGT]?)i?B?");
  private static final long KIB = 1024;
  private static final BigDecimal MOST_BYTES = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal LONGEST_MILLIS =
      BigDecimal.valueOf(Duration.ofDays(36_500).toMillis());

  private Amounts() {}

  /**
   * {@code 500ms}, {@code 2s}, {@code 1h30m}, …
   *
   * @param option that it was given for
   */
  public static Duration duration(String option, String text) {
    Matcher matcher = DURATION.matcher(text);
    BigDecimal millis = BigDecimal.ZERO;
    int at = 0;
    while (matcher.find() && matcher.start() == at) {
      millis =
          millis.add(
              new BigDecimal(matcher.group(1))
                  .multiply(BigDecimal.valueOf(MILLIS.getOrDefault(matcher.group(2), 1L))));
      at = matcher.end();
    }
    if (at == 0 || at != text.length()) {
      throw new OptionFault(option, text, "for example 500ms, 30s, 5m, 1h30m");
    }
    if (millis.compareTo(LONGEST_MILLIS) > 0) {
      throw new OptionFault(option, text, "at most 36500d");
    }
    return Duration.ofMillis(millis.longValue());
  }

  /** As protobuf's JSON has it. */
  public static String protoJson(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
  }

  /** From protobuf's JSON, to the millisecond. */
  public static Duration fromProtoJson(String text) {
    return Duration.ofMillis(
        new BigDecimal(text.substring(0, text.length() - 1)).movePointRight(3).longValue());
  }

  /**
   * {@code 65536}, {@code 512M}, {@code 2GiB}: powers of 1024.
   *
   * @param option that it was given for
   */
  public static long bytes(String option, String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new OptionFault(option, text, "for example 65536, 512M, 2G");
    }
    int power = " KMGT".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
    BigDecimal bytes =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(KIB).pow(power))
            .setScale(0, RoundingMode.HALF_UP);
    if (bytes.compareTo(MOST_BYTES) > 0) {
      throw new OptionFault(option, text, "less than 8 EiB");
    }
    return bytes.longValueExact();
  }

  /** {@code 512 MiB}. */
  public static String size(long bytes) {
    double value = bytes;
    for (String unit : new String[] {"B", "KiB", "MiB", "GiB"}) {
      if (value < KIB) {
        return String.format(
            Locale.ROOT, value < 10 && !unit.equals("B") ? "%.1f %s" : "%.0f %s", value, unit);
      }
      value /= KIB;
    }
    return String.format(Locale.ROOT, "%.1f TiB", value);
  }

  /** {@code 3d4h}, {@code 5m12s}, {@code 1.3s}. */
  public static String period(Duration duration) {
    if (duration.toMinutes() < 1) {
      return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }
    if (duration.toHours() < 1) {
      return duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
    }
    return duration.toDays() < 1
        ? duration.toHours() + "h" + duration.toMinutesPart() + "m"
        : duration.toDays() + "d" + duration.toHoursPart() + "h";
  }
}
