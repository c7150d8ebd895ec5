package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.Failures;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The call that a handler serves, and its answer. */
final class GrpcCalls {

  static final Context.Key<Call> CALL = Context.key("weft-call");
  static final Context.Key<String> SOURCE = Context.key("weft-source");

  private GrpcCalls() {}

  /**
   * The call, whose caller has been let in.
   *
   * @throws MeshException UNAUTHENTICATED if no interceptor did that: never trust an absent caller
   */
  static Call current() {
    @Nullable Call call = CALL.get();
    if (call == null) {
      throw new MeshException(CommonReason.UNAUTHENTICATED, "caller: none (expected: a token)");
    }
    return call;
  }

  static <T> void answer(StreamObserver<T> observer, Supplier<CompletionStage<T>> work) {
    CompletionStage<T> answer;
    try {
      answer = work.get();
    } catch (RuntimeException e) {
      observer.onError(status(e));
      return;
    }
    answer.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            observer.onError(status(failure));
          } else {
            observer.onNext(value);
            observer.onCompleted();
          }
        });
  }

  static RuntimeException status(Throwable failure) {
    return StatusMapper.toStatus(Failures.mapped(failure));
  }
}
