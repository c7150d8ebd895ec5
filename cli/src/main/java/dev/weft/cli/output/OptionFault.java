package dev.weft.cli.output;

/** What was typed for an option is of no use: names the option, the value and what is expected. */
public final class OptionFault extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public OptionFault(String option, String value, String expected) {
    super(
        option
            + ": "
            + (value.isBlank() ? "'" + value + "'" : value)
            + " (expected: "
            + expected
            + ")");
  }
}
