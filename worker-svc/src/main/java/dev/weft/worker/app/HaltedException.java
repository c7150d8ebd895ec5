package dev.weft.worker.app;

import dev.weft.worker.domain.EndReason;

/** Somebody wants the attempt to end; what it was doing is left where it is. */
public final class HaltedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final EndReason reason;

  HaltedException(EndReason reason) {
    super(reason.name());
    this.reason = reason;
  }

  public EndReason reason() {
    return reason;
  }
}
