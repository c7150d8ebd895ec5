package dev.weft.gateway.domain.estimate;

/**
 * One thing that is charged in a month.
 *
 * @param perAgent what one agent costs; zero if it is shared
 * @param fleet what all cost
 */
public record CostLine(CostKind kind, Amount perAgent, Amount fleet) {

  static CostLine own(CostKind kind, Amount perAgent, long agents) {
    return new CostLine(kind, perAgent, perAgent.times(agents));
  }

  static CostLine shared(CostKind kind, Amount once) {
    return new CostLine(kind, Amount.ZERO, once);
  }
}
