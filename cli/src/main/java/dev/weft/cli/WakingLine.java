package dev.weft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Consumer;

/** Says once for each sleep that somebody has to wait for a body, and how long that usually is. */
final class WakingLine {
  private final Consumer<String> line;
  private boolean told;
  private boolean estimated;

  /**
   * @param line prints one
   */
  WakingLine(Consumer<String> line) {
    this.line = line;
  }

  /**
   * Takes the agent's state.
   *
   * @param state without the enum's prefix
   * @param start how its start goes, of a status frame or of an agent; missing where it has none
   */
  void tell(String state, JsonNode start) {
    switch (state) {
      case "PENDING", "PROVISIONING", "HIBERNATED", "WAKING" -> {
        Optional<String> usual =
            estimated ? Optional.empty() : StartEstimate.of(start).map(StartEstimate::words);
        estimated |= usual.isPresent();
        if (!told) {
          line.accept("waking your agent ☕ …" + usual.map(words -> " " + words).orElse(""));
        } else {
          usual.ifPresent(line);
        }
        told = true;
      }
      case "RUNNING" -> {
        told = false;
        estimated = false;
      }
      default -> {
        // What goes away is not waited for.
      }
    }
  }
}
