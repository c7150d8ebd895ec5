package dev.weft.cli.client;

import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One trace for all that a command does, so that what happens to it in the mesh can be found again.
 * A caller's own trace (TRACEPARENT, as build servers set it) is taken up.
 *
 * @param traceparent as W3C Trace Context has it
 */
public record Trace(String traceparent) {
  private static final Pattern FORM =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int ID_START = 3;
  private static final int ID_LENGTH = 32;

  /** Of the environment if it names one, else a new one. */
  public static Trace from(String environment) {
    Matcher matcher = FORM.matcher(environment.strip());
    return matcher.matches() ? new Trace(environment.strip()) : fresh();
  }

  private static Trace fresh() {
    HexFormat hex = HexFormat.of();
    UUID id = UUID.randomUUID();
    String trace =
        hex.toHexDigits(id.getMostSignificantBits())
            + hex.toHexDigits(id.getLeastSignificantBits());
    return new Trace(
        "00-" + trace + "-" + hex.toHexDigits(UUID.randomUUID().getMostSignificantBits()) + "-01");
  }

  /** The trace's id, for Jaeger and the like. */
  public String id() {
    return traceparent.substring(ID_START, ID_START + ID_LENGTH);
  }
}
