package dev.weft.router.domain.fleet;

import java.util.Collection;
import java.util.Set;

/**
 * Tells the cloud's workers from local ones: by what the worker says of itself, else by its region,
 * else by its price, since one's own machine costs nothing by the hour.
 *
 * @param localRegions whose workers are local, whatever they cost
 */
public record PlaceRule(Set<String> localRegions) {

  /** The label by which a worker says {@code local} or {@code cloud}. */
  public static final String LABEL = "place";

  public PlaceRule {
    localRegions = Set.copyOf(localRegions);
  }

  public static PlaceRule of(Collection<String> localRegions) {
    return new PlaceRule(Set.copyOf(localRegions));
  }

  /**
   * @param label what the worker says; whatever is neither {@code local} nor {@code cloud} says
   *     nothing
   */
  public boolean cloud(String label, String region, long microsPerHour) {
    return switch (label) {
      case "local" -> false;
      case "cloud" -> true;
      default -> !localRegions.contains(region) && microsPerHour > 0;
    };
  }
}
