package dev.weft.worker.app.agent;

/** How hurried what runs in a body is to end; it only grows. Safe for threads. */
final class BodyEnding {

  /** How it is to end. */
  enum Stage {
    /** Not at all. */
    LIVES,
    /** After it was asked to. */
    POLITE,
    /** At once. */
    KILLED
  }

  private volatile Stage stage = Stage.LIVES;

  Stage stage() {
    return stage;
  }

  synchronized void reach(Stage next) {
    if (next.compareTo(stage) > 0) {
      stage = next;
    }
  }
}
