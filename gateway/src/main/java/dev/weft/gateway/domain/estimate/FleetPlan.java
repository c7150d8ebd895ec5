package dev.weft.gateway.domain.estimate;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Agents that are all alike, every number within its bounds. */
public final class FleetPlan {

  /** Minutes of a month of 730 hours, as clouds count it. */
  public static final int MONTH_MINUTES = 730 * 60;

  /** So many minutes of a month are an hour of each of its days: 730 / 24 days of 60 minutes. */
  private static final int MONTH_MINUTES_PER_DAILY_HOUR = MONTH_MINUTES / 24;

  private final Map<FleetInput, Integer> numbers;
  private final boolean publicIpv4;

  private FleetPlan(Map<FleetInput, Integer> numbers, boolean publicIpv4) {
    this.numbers = numbers;
    this.publicIpv4 = publicIpv4;
  }

  /**
   * What is given, and what is assumed for the rest.
   *
   * @param publicIpv4 whether each active agent has an address of its own
   * @throws InvalidRequest naming every number that is out of its bounds
   */
  public static FleetPlan of(Map<FleetInput, Integer> given, boolean publicIpv4) {
    List<Violation> faults = new ArrayList<>();
    boolean daily = given.containsKey(FleetInput.ACTIVE_HOURS_PER_DAY);
    if (daily && given.containsKey(FleetInput.ACTIVE_HOURS_PER_MONTH)) {
      faults.add(
          Violation.of(
              FleetInput.ACTIVE_HOURS_PER_DAY.path(),
              given.getOrDefault(FleetInput.ACTIVE_HOURS_PER_DAY, 0),
              "unset beside active_hours_per_month"));
    }
    Map<FleetInput, Integer> numbers = new EnumMap<>(FleetInput.class);
    for (FleetInput input : FleetInput.values()) {
      int value = given.getOrDefault(input, input.assumed());
      if (!input.allows(value)) {
        faults.add(Violation.of(input.path(), value, input.bounds()));
      }
      numbers.put(input, value);
    }
    if (!faults.isEmpty()) {
      throw new InvalidRequest(faults);
    }
    numbers.remove(daily ? FleetInput.ACTIVE_HOURS_PER_MONTH : FleetInput.ACTIVE_HOURS_PER_DAY);
    return new FleetPlan(numbers, publicIpv4);
  }

  /** All of them, but of the active hours only those by month or those by day. */
  public Map<FleetInput, Integer> numbers() {
    return Map.copyOf(numbers);
  }

  public boolean publicIpv4() {
    return publicIpv4;
  }

  /** For how many minutes of a month each agent is active. */
  public int activeMinutes() {
    Integer daily = numbers.get(FleetInput.ACTIVE_HOURS_PER_DAY);
    return daily == null
        ? get(FleetInput.ACTIVE_HOURS_PER_MONTH) * 60
        : daily * MONTH_MINUTES_PER_DAILY_HOUR;
  }

  int get(FleetInput input) {
    return numbers.getOrDefault(input, 0);
  }
}
