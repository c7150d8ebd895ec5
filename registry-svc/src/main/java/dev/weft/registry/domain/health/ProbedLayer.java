package dev.weft.registry.domain.health;

/** A layer that the worker asks itself, so that the registry has nothing to do but to judge. */
public enum ProbedLayer {
  /** Layer 3: what its work needs of others, and its own disk. */
  APPLICATION("application"),
  /** Layer 4: a command of its own, taken the way of a task's. */
  DEEP("deep");

  private final String text;

  ProbedLayer(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
