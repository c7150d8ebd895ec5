package dev.weft.router.domain.region;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * At which local hours heavy work should rather run in a region, for example at night, when power
 * is cheap there. The zone's own rules say what hour it is, with its summer time.
 */
public record SunHours(List<Rule> rules) {

  /** No region is better than another at any hour. */
  public static final SunHours NONE = new SunHours(List.of());

  private static final Pattern FORM =
      Pattern.compile("([^=\\s]{1,63})=([A-Za-z0-9_+/-]{1,63}):(\\d{1,2})-(\\d{1,2})");
  private static final String EXPECTED =
      "REGION=ZONE:HOUR-HOUR with a zone of the IANA and hours of 0..24, like"
          + " ap-northeast-1=Asia/Tokyo:22-6";

  /**
   * One region's hours.
   *
   * @param from the first hour; not below it
   * @param to the hour before which it ends; below {@code from} it is the next day's
   */
  public record Rule(String region, ZoneId zone, int from, int to) {

    boolean holds(Instant at) {
      int hour = at.atZone(zone).getHour();
      return from < to ? hour >= from && hour < to : hour >= from || hour < to;
    }
  }

  public SunHours {
    rules = List.copyOf(rules);
  }

  /** Regions in which heavy work should rather run now. */
  public Set<String> preferred(Instant now) {
    Set<String> regions = new HashSet<>();
    for (Rule rule : rules) {
      if (rule.holds(now)) {
        regions.add(rule.region());
      }
    }
    return Set.copyOf(regions);
  }

  /**
   * Reads a table; a region may stand in it several times.
   *
   * @param field how a refusal names the rules
   * @throws IllegalArgumentException naming the rule and what was expected
   */
  public static SunHours of(String field, List<String> rules) {
    List<Rule> read = new ArrayList<>();
    for (String text : rules) {
      read.add(rule(field, text.strip()));
    }
    return new SunHours(read);
  }

  private static Rule rule(String field, String text) {
    Matcher parts = FORM.matcher(text);
    if (parts.matches()) {
      int from = Integer.parseInt(parts.group(3));
      int to = Integer.parseInt(parts.group(4));
      if (from <= 23 && to <= 24 && from != to) {
        return new Rule(parts.group(1), zone(field, text, parts.group(2)), from, to);
      }
    }
    throw refused(field, text, null);
  }

  private static ZoneId zone(String field, String text, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw refused(field, text, e);
    }
  }

  private static IllegalArgumentException refused(
      String field, String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "%s: %s (expected: %s)".formatted(field, text, EXPECTED), cause);
  }
}
