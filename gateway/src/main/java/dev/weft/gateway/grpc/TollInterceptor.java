package dev.weft.gateway.grpc;

import com.google.protobuf.MessageLite;
import dev.weft.gateway.app.TransferToll;
import dev.weft.gateway.app.TransferToll.Pass;
import dev.weft.gateway.app.TransferToll.Payer;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets no transfer begin whose tenant or user has used up its rate, and counts the bytes of the
 * others; inside of what says who calls.
 */
final class TollInterceptor implements ServerInterceptor {

  private static final Metadata.Key<String> USER =
      Metadata.Key.of("weft-user", Metadata.ASCII_STRING_MARSHALLER);

  /** Nobody says beforehand how large a stream is: about what the smallest are. */
  private static final long ANNOUNCED_BYTES = 64 << 10;

  private final TransferToll toll;
  private final Set<String> transfers;

  /**
   * @param transfers full names of methods that transfer bytes
   */
  TollInterceptor(TransferToll toll, Set<String> transfers) {
    this.toll = toll;
    this.transfers = transfers;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!transfers.contains(call.getMethodDescriptor().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    Context context = Context.current();
    String user = Optional.ofNullable(headers.get(USER)).orElse("");
    CompletionStage<Pass> entry =
        toll.enter(new Payer(GrpcCalls.current().tenant(), user), ANNOUNCED_BYTES);
    DelayedListener<Q> delayed = new DelayedListener<>();
    entry.whenComplete(
        (pass, failure) -> {
          if (failure == null) {
            delayed.begin(() -> counted(call, headers, next, context, pass));
          } else {
            StatusRuntimeException refusal = (StatusRuntimeException) GrpcCalls.status(failure);
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            delayed.begin(() -> new ServerCall.Listener<>() {});
          }
        });
    return delayed;
  }

  private static <Q, A> ServerCall.Listener<Q> counted(
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      Context context,
      Pass pass) {
    AtomicLong bytes = new AtomicLong();
    ServerCall<Q, A> counting =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(A message) {
            bytes.addAndGet(size(message));
            super.sendMessage(message);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(context, counting, headers, next)) {
      @Override
      public void onMessage(Q message) {
        bytes.addAndGet(size(message));
        super.onMessage(message);
      }

      @Override
      public void onComplete() {
        pass.end(bytes.get());
        super.onComplete();
      }

      @Override
      public void onCancel() {
        pass.end(bytes.get());
        super.onCancel();
      }
    };
  }

  private static int size(Object message) {
    return message instanceof MessageLite known ? known.getSerializedSize() : 0;
  }
}
