package dev.weft.gateway.domain;

import java.util.List;

/** A request that breaks its contract, with every fault found. */
public final class InvalidRequest extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  public InvalidRequest(List<Violation> violations) {
    super(violations.getFirst().message());
    this.violations = List.copyOf(violations);
  }

  public static InvalidRequest of(String field, Object value, String expected) {
    return new InvalidRequest(List.of(Violation.of(field, value, expected)));
  }

  /** At least one. */
  public List<Violation> violations() {
    return violations;
  }
}
