package dev.weft.e2e.history;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures that a run is held to, beyond those that hold for every run.
 *
 * @param slots commands that each worker (by id) may run at once; an absent one is not looked at
 * @param quota what one tenant may hand in; null when nothing limits it
 * @param cancel longest way of a running task from CANCELLING to its end, faults aside
 * @param memory bytes that each process (by name) may hold; an absent one is not looked at
 * @param recovery when and how far the rate must be back after a fault is healed; null for no word
 */
public record Limits(
    Map<String, Integer> slots,
    @Nullable Quota quota,
    Duration cancel,
    Map<String, Long> memory,
    @Nullable Recovery recovery) {

  public static final Limits NONE = new Limits(Map.of(), null, Duration.ofDays(1), Map.of(), null);

  /** At any time no more than {@code burst} plus {@code rate} for each second of any window. */
  public record Quota(double rate, double burst) {}

  /**
   * Rates are counted over windows of this length, the first one right before the fault.
   *
   * @param within after the healing the window must begin by then
   * @param share of the rate before the fault
   */
  public record Recovery(Duration window, Duration within, double share) {}

  public Limits {
    slots = Map.copyOf(slots);
    memory = Map.copyOf(memory);
  }

  public Limits slots(Map<String, Integer> each) {
    return new Limits(each, quota, cancel, memory, recovery);
  }

  public Limits quota(double rate, double burst) {
    return new Limits(slots, new Quota(rate, burst), cancel, memory, recovery);
  }

  public Limits cancel(Duration longest) {
    return new Limits(slots, quota, longest, memory, recovery);
  }

  public Limits memory(Map<String, Long> each) {
    return new Limits(slots, quota, cancel, each, recovery);
  }

  public Limits recovery(Duration window, Duration within, double share) {
    return new Limits(slots, quota, cancel, memory, new Recovery(window, within, share));
  }
}
