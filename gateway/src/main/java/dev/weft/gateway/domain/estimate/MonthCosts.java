package dev.weft.gateway.domain.estimate;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Costs of a month.
 *
 * @param activeMinutes of each agent; it is hibernated for the rest
 */
public record MonthCosts(int activeMinutes, List<CostLine> lines) {

  public MonthCosts {
    lines = List.copyOf(lines);
  }

  /** One agent's own lines. */
  public Amount perAgent() {
    return sum(_ -> true, CostLine::perAgent);
  }

  /** What all agents share. */
  public Amount shared() {
    return sum(line -> line.kind().shared(), CostLine::fleet);
  }

  /** All agents and what they share. */
  public Amount fleet() {
    return sum(_ -> true, CostLine::fleet);
  }

  private Amount sum(Predicate<CostLine> which, Function<CostLine, Amount> part) {
    return lines.stream().filter(which).map(part).reduce(Amount.ZERO, Amount::plus);
  }
}
