package dev.weft.parts;

/** Whether a child process outlives the JVM that started it. */
public enum Lifetime {
  /** Ends with its owner: at close, at the JVM's end, and on Linux also when the JVM is killed. */
  OWNER,
  /** Goes on by itself, in a session of its own. */
  DETACHED
}
