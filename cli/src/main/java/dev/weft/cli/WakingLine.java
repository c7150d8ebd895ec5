package dev.weft.cli;

import java.util.function.Consumer;

/** Says once for each sleep that somebody has to wait for a body. */
final class WakingLine {
  private final Consumer<String> line;
  private boolean told;

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
   */
  void tell(String state) {
    switch (state) {
      case "PENDING", "PROVISIONING", "HIBERNATED", "WAKING" -> {
        if (!told) {
          told = true;
          line.accept("waking your agent ☕ …");
        }
      }
      case "RUNNING" -> told = false;
      default -> {
        // What goes away is not waited for.
      }
    }
  }
}
