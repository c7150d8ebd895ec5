package dev.weft.router.domain.agent;

import dev.weft.router.domain.task.Document;

/**
 * Something that an agent is to do.
 *
 * @param id the client's, unique for the agent
 * @param words what exactly; opaque to the core, equal requests have equal bytes
 */
public record Command(String id, Document words, String principal, String traceparent) {

  /** How it stands. The codes are stored: never change one. */
  public enum State {
    QUEUED(1),
    GIVEN(2),
    ENDED(3),
    INTERRUPTED(4);

    private final int code;

    State(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    public static State of(int code) {
      if (code < 1 || code > INTERRUPTED.code) {
        throw new IllegalArgumentException("command state: " + code + " (expected: 1..4)");
      }
      return values()[code - 1];
    }
  }
}
