package dev.weft.worker.app;

import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;

/** What an attempt was to bring along or to take away could not be carried. */
public final class CarryException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public CarryException(Failure failure) {
    super(failure.reason() + ": " + failure.message());
    this.failure = failure;
  }

  public CarryException(FailureReason reason, String message) {
    this(new Failure(reason, message));
  }

  public Failure failure() {
    return failure;
  }
}
