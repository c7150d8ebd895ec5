package dev.weft.parts;

/** Whether a child process outlives the JVM that started it. */
public enum Lifetime {
  /** Ends with its owner: at close, at the JVM's end, and on Linux also when the JVM is killed. */
  OWNER,
  /**
   * Has things to end in their order: its owner stops it, and on Linux it is asked to end (SIGTERM)
   * when the JVM is gone, also when that was killed.
   */
  FOLLOWER,
  /** Goes on by itself, in a session of its own. */
  DETACHED
}
