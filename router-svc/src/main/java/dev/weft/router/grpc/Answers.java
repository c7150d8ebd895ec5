package dev.weft.router.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Gives a call what becomes of its work. */
final class Answers {

  private Answers() {}

  /** A caller that has gone takes nothing with it: what was asked goes on and is not sent. */
  static <T, R> void send(
      CompletionStage<T> stage, Function<T, R> map, StreamObserver<R> observer) {
    ignoreCancel(observer);
    stage
        .thenApply(map)
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                observer.onError(Denials.status(failure));
              } else {
                observer.onNext(response);
                observer.onCompleted();
              }
            });
  }

  static <R> void send(CompletionStage<R> stage, StreamObserver<R> observer) {
    send(stage, Function.identity(), observer);
  }

  /** With a handler an answer to a caller that has gone is dropped; without one it throws. */
  static void ignoreCancel(StreamObserver<?> observer) {
    ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(() -> {});
  }
}
