package dev.weft.gateway.domain;

/** A field of the contract whose behaviour belongs to a later release is set. */
public final class NotSupportedYet extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String field;

  public NotSupportedYet(String field) {
    super(field + ": set (expected: unset, it is not supported yet)");
    this.field = field;
  }

  public String field() {
    return field;
  }
}
