package dev.weft.router.domain.region;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where regions lie, and so how far a user is from a worker. The distance of two is computed from
 * their positions, so it is the same both ways.
 */
public record Regions(Map<String, Position> positions) {

  /**
   * AWS's regions by the city or state that AWS names each by (its page of regions, as of 2026-10),
   * at that place's geographic position, rounded to a tenth of a degree.
   */
  public static final Regions STANDARD =
      new Regions(
          Map.ofEntries(
              Map.entry("us-east-1", new Position(38.9, -77.4)),
              Map.entry("us-east-2", new Position(40.0, -83.0)),
              Map.entry("us-west-1", new Position(37.4, -121.9)),
              Map.entry("us-west-2", new Position(45.8, -119.7)),
              Map.entry("ca-central-1", new Position(45.5, -73.6)),
              Map.entry("sa-east-1", new Position(-23.5, -46.6)),
              Map.entry("eu-west-1", new Position(53.3, -6.3)),
              Map.entry("eu-west-2", new Position(51.5, -0.1)),
              Map.entry("eu-west-3", new Position(48.9, 2.4)),
              Map.entry("eu-central-1", new Position(50.1, 8.7)),
              Map.entry("eu-central-2", new Position(47.4, 8.5)),
              Map.entry("eu-north-1", new Position(59.3, 18.1)),
              Map.entry("eu-south-1", new Position(45.5, 9.2)),
              Map.entry("af-south-1", new Position(-33.9, 18.4)),
              Map.entry("me-south-1", new Position(26.2, 50.6)),
              Map.entry("ap-south-1", new Position(19.1, 72.9)),
              Map.entry("ap-southeast-1", new Position(1.3, 103.8)),
              Map.entry("ap-southeast-2", new Position(-33.9, 151.2)),
              Map.entry("ap-east-1", new Position(22.3, 114.2)),
              Map.entry("ap-northeast-1", new Position(35.7, 139.7)),
              Map.entry("ap-northeast-2", new Position(37.6, 127.0)),
              Map.entry("ap-northeast-3", new Position(34.7, 135.5))));

  /**
   * Light in fibre goes 200 km in a millisecond, there and back, and cables are about 1.6 times as
   * long as the straight way: Tokyo to Virginia takes 175 ms.
   */
  private static final double MILLIS_PER_KM = 2 * 1.6 / 200;

  private static final double WORST_MILLIS = 200;
  private static final Pattern RULE =
      Pattern.compile("([^=/\\s]{1,63})=(-?\\d{1,2}(?:\\.\\d{1,4})?)/(-?\\d{1,3}(?:\\.\\d{1,4})?)");

  public Regions {
    positions = Map.copyOf(positions);
  }

  /**
   * How near a worker is to a user: 1 in the same region, 0 from a round trip of 200 ms on, and
   * wherever one of the two is not known.
   */
  public double nearness(String user, String worker) {
    if (user.equals(worker)) {
      return 1;
    }
    Position from = positions.get(user);
    Position to = positions.get(worker);
    return from == null || to == null
        ? 0
        : Math.clamp(1 - from.kilometresTo(to) * MILLIS_PER_KM / WORST_MILLIS, 0, 1);
  }

  /**
   * This with further or other positions.
   *
   * @param field how a refusal names the rules
   * @param rules each {@code REGION=LATITUDE/LONGITUDE}
   * @throws IllegalArgumentException naming the rule and what was expected
   */
  public Regions with(String field, List<String> rules) {
    Map<String, Position> all = new HashMap<>(positions);
    Set<String> named = new HashSet<>();
    for (String text : rules) {
      Matcher rule = RULE.matcher(text.strip());
      if (!rule.matches()) {
        throw new IllegalArgumentException(
            "%s: %s (expected: REGION=LATITUDE/LONGITUDE in degrees, like on-prem=48.1/11.6)"
                .formatted(field, text.strip()));
      }
      if (!named.add(rule.group(1))) {
        throw new IllegalArgumentException(
            field + ": " + rule.group(1) + " twice (expected: once)");
      }
      all.put(rule.group(1), position(field, rule));
    }
    return new Regions(all);
  }

  private static Position position(String field, Matcher rule) {
    try {
      return new Position(Double.parseDouble(rule.group(2)), Double.parseDouble(rule.group(3)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + rule.group() + ": " + e.getMessage(), e);
    }
  }
}
