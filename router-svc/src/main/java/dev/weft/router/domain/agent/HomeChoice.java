package dev.weft.router.domain.agent;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Which gateway becomes a home. */
public final class HomeChoice {

  private HomeChoice() {}

  /**
   * The one with the fewest, and of those the first by name.
   *
   * @param beating that were heard lately
   * @param homes that each has
   * @return empty if none beats
   */
  public static Optional<String> of(Collection<String> beating, Map<String, Integer> homes) {
    return beating.stream()
        .min(
            Comparator.comparingInt((String gateway) -> homes.getOrDefault(gateway, 0))
                .thenComparing(Comparator.naturalOrder()));
  }
}
