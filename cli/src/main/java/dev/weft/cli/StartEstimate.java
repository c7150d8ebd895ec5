package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * How long an agent's start takes, as measured of earlier ones.
 *
 * @param usual seconds that half of them took at most
 * @param latest seconds that nine of ten took at most
 */
record StartEstimate(double usual, double latest) {

  private static final double MILLIS = 1_000;

  /**
   * @param start of a status frame (milliseconds) or of an agent (seconds with an s)
   */
  static Optional<StartEstimate> of(JsonNode start) {
    if (start.path("usualMs").isNumber()) {
      return Optional.of(
          new StartEstimate(
              start.path("usualMs").asDouble() / MILLIS,
              start.path("latestMs").asDouble() / MILLIS));
    }
    return start.path("usual").isTextual()
        ? Optional.of(new StartEstimate(seconds(start, "usual"), seconds(start, "latest")))
        : Optional.empty();
  }

  private static double seconds(JsonNode start, String field) {
    String text = start.path(field).asText("");
    try {
      return new BigDecimal(text.replaceFirst("s$", "")).doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalStateException("the gateway's answer: a time that is none: " + text, e);
    }
  }

  /** For example "usually 1.2 s, nine of ten within 2.5 s". */
  String words() {
    return String.format(Locale.ROOT, "usually %.1f s, nine of ten within %.1f s", usual, latest);
  }
}
