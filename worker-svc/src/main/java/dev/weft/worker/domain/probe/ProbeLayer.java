package dev.weft.worker.domain.probe;

/** The layers of health that a worker asks itself. */
public enum ProbeLayer {
  /** What its work needs of others, and its own disk. */
  APPLICATION("application"),
  /** A command of its own, taken the way of a task's. */
  DEEP("deep");

  private final String text;

  ProbeLayer(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
