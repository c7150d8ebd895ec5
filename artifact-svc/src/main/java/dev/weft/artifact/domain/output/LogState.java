package dev.weft.artifact.domain.output;

/** Where a log is in its owner's hands; a step exists only where it is legal. */
public sealed interface LogState {

  /** Takes output. */
  record Open() implements LogState {
    Ending ended() {
      return new Ending();
    }

    TakenOver takenOver() {
      return new TakenOver();
    }
  }

  /** Nothing more will come; what there is becomes durable. */
  record Ending() implements LogState {
    /** The writer has come back, and will say again that it is the end. */
    Open reopened() {
      return new Open();
    }

    Closed closed(LogEnd end) {
      return new Closed(end);
    }

    TakenOver takenOver() {
      return new TakenOver();
    }
  }

  /** All is durable. */
  record Closed(LogEnd end) implements LogState {}

  /** A higher owner epoch exists: this replica writes nothing more. */
  record TakenOver() implements LogState {}
}
