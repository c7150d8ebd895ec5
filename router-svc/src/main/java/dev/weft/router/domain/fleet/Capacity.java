package dev.weft.router.domain.fleet;

import java.util.Map;

/**
 * What a worker can take at all.
 *
 * @param number the highest counts
 * @param slots executor kind to the most of it at once
 */
public record Capacity(long number, Resources resources, Map<String, Integer> slots) {

  public static final Capacity NONE = new Capacity(-1, Resources.NONE, Map.of());

  public Capacity {
    slots = Map.copyOf(slots);
  }

  public int slots(String executor) {
    return slots.getOrDefault(executor, 0);
  }
}
