package dev.weft.router.domain.placement;

/** A skill that a worker must have, at least so well. */
public record CapabilityNeed(String name, int minProficiencyMilli)
    implements Comparable<CapabilityNeed> {

  @Override
  public int compareTo(CapabilityNeed other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(minProficiencyMilli, other.minProficiencyMilli);
  }
}
