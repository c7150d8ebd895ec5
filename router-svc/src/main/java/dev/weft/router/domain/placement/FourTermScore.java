package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.region.Geography;
import java.util.OptionalDouble;
import java.util.Set;

/** Fit by proficiency, load, latency and cost, each clamped to 0..1. */
public final class FourTermScore implements ScorePolicy {

  private static final double WORST_LATENCY_MILLIS = 500;
  private static final double WORST_MICROS_PER_HOUR = 10_000_000;

  private final Weights weights;
  private final Geography geography;
  private final Set<String> sunny;

  /** With the standard regions, at no hour. */
  public FourTermScore(Weights weights) {
    this(weights, Geography.STANDARD, Set.of());
  }

  /**
   * @param sunny regions in which heavy work should rather run now
   */
  public FourTermScore(Weights weights, Geography geography, Set<String> sunny) {
    this.weights = weights;
    this.geography = geography;
    this.sunny = sunny;
  }

  /**
   * The mean proficiency in what is asked. A shell task that asks for nothing is weighed by skill
   * at shell operations, so that the term still tells workers apart; other kinds count all as
   * equal.
   */
  @Override
  public double capability(Requirements need, WorkerView view) {
    if (need.capabilities().isEmpty()) {
      return need.executor().equals("shell") ? proficiency(view, "SHELL_OPERATIONS") : 1;
    }
    double sum = 0;
    for (CapabilityNeed wanted : need.capabilities()) {
      sum += proficiency(view, wanted.name());
    }
    return clamp(sum / need.capabilities().size());
  }

  private static double proficiency(WorkerView view, String name) {
    return clamp(view.skills().capabilities().getOrDefault(name, 0) / 1000.0);
  }

  @Override
  public double latency(WorkerView view) {
    return clamp(1 - view.site().latencyMillis() / WORST_LATENCY_MILLIS);
  }

  /** Prices are compared in dollars; one in another currency counts as the worst. */
  @Override
  public double cost(WorkerView view) {
    Site site = view.site();
    boolean comparable = site.microsPerHour() == 0 || site.currency().equals("USD");
    return comparable ? clamp(1 - site.microsPerHour() / WORST_MICROS_PER_HOUR) : 0;
  }

  @Override
  public double near(Requirements need, WorkerView view) {
    return geography.regions().nearness(need.destination().near(), view.site().region());
  }

  @Override
  public OptionalDouble sun(WorkerView view) {
    return geography.sun().rules().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(sunny.contains(view.site().region()) ? 1 : 0);
  }

  @Override
  public double fixedPart(double capability, double latency, double cost) {
    return weights.capability() * capability + weights.latency() * latency + weights.cost() * cost;
  }

  @Override
  public double loadPart(double load) {
    return weights.load() * clamp(1 - load);
  }

  private static double clamp(double term) {
    return Math.clamp(term, 0, 1);
  }
}
