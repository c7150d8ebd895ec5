package dev.weft.worker.domain;

/**
 * Where an attempt stands on its worker. Each state has the transitions that are legal from it and
 * no others.
 *
 * <pre>
 * Assigned → Starting → Running → Ended
 *               └──→ Ending ←──┘    (Ending → Ended)
 * </pre>
 */
public sealed interface AttemptState {

  AttemptKey key();

  /** Accepted, and its place reserved. */
  record Assigned(Assignment assignment) implements AttemptState {
    @Override
    public AttemptKey key() {
      return assignment.key();
    }

    /** An executor has it. */
    public Starting starting() {
      return new Starting(key());
    }
  }

  /** Its workspace and sandbox are being made. */
  record Starting(AttemptKey key) implements AttemptState {

    public Running running(long nowNanos) {
      return new Running(key, nowNanos);
    }

    /** Nothing had run yet, or it was over before its start was reported. */
    public Ended ended(AttemptResult result) {
      return new Ended(result);
    }

    public Ending ending(EndReason reason) {
      return new Ending(key, reason);
    }
  }

  /** Its command runs. */
  record Running(AttemptKey key, long sinceNanos) implements AttemptState {

    public Ended ended(AttemptResult result) {
      return new Ended(result);
    }

    public Ending ending(EndReason reason) {
      return new Ending(key, reason);
    }
  }

  /** It is being killed; the first reason stays. */
  record Ending(AttemptKey key, EndReason reason) implements AttemptState {

    public Ended ended(AttemptResult result) {
      return new Ended(result);
    }
  }

  /** Nothing of it is left but its result. */
  record Ended(AttemptResult result) implements AttemptState {
    @Override
    public AttemptKey key() {
      return result.key();
    }
  }
}
