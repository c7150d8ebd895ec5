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

  /** Tells the keys that the agent remembers. */
  record ListMemory() implements BodyErrand {}

  /** Tells what the agent remembers by a key. */
  record GetMemory(String key) implements BodyErrand {}

  /** Remembers a value. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares them.
  record SetMemory(String key, byte[] value) implements BodyErrand {}

  /** Forgets a key. */
  record RemoveMemory(String key) implements BodyErrand {}
}
