package dev.weft.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;

/** A stream that comes up: breaks off when told to, answers refusals. */
abstract class BreakableStream<T> implements StreamObserver<T> {
  private final StreamObserver<?> answers;
  private final Breaks.Stream breaks;
  private boolean over;

  BreakableStream(StreamObserver<?> answers, Breaks breaks) {
    this.answers = answers;
    this.breaks = breaks.open();
  }

  abstract void take(T step);

  abstract void end();

  @Override
  public final void onNext(T step) {
    if (!over && breaks.breaks()) {
      fail(Status.UNAVAILABLE.asRuntimeException());
    } else if (!over) {
      attempt(() -> take(step));
    }
  }

  @Override
  public final void onCompleted() {
    if (!over) {
      attempt(this::end);
    }
    if (!over) {
      answers.onCompleted();
    }
  }

  @Override
  public final void onError(Throwable failure) {
    over = true;
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (StatusRuntimeException e) {
      fail(e);
    }
  }

  private void fail(StatusRuntimeException failure) {
    over = true;
    answers.onError(failure);
  }
}
