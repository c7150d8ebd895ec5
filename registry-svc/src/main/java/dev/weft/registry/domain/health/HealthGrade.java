package dev.weft.registry.domain.health;

/** What a verdict means for placement, from good to bad. */
public enum HealthGrade {
  /** Gets work. */
  ELIGIBLE,
  /** Something failed, not yet so often in a row that it counts. Gets work. */
  DEGRADED,
  /** Gets none, until enough looks in a row were good. */
  OUT;

  HealthGrade worse(HealthGrade other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
