package dev.weft.worker.domain.agent;

/** What a body does itself for a command, without a program. */
public sealed interface BodyErrand {

  /** Stores the workspace now. */
  record StoreWorkspace() implements BodyErrand {}

  /**
   * Puts an artifact into the workspace.
   *
   * @param path relative to the workspace; with '/' at its end a directory to put it into
   * @param name what it is called in a directory; may be empty
   * @param executable of a single file
   */
  record PutFiles(String artifact, String path, String name, boolean executable)
      implements BodyErrand {}

  /** Stores a file or a directory of the workspace as an artifact. */
  record GetFiles(String path) implements BodyErrand {}

  /** What an agent remembers: one of these at a time, in the order in which they were given. */
  sealed interface OfMemory extends BodyErrand {}

  /** Tells the keys that the agent remembers. */
  record ListMemory() implements OfMemory {}

  /** Tells what the agent remembers by a key. */
  record GetMemory(String key) implements OfMemory {}

  /** Remembers a value. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record SetMemory(String key, byte[] value) implements OfMemory {}

  /** Forgets a key. */
  record RemoveMemory(String key) implements OfMemory {}
}
