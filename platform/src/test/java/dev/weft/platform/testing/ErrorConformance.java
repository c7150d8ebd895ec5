package dev.weft.platform.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.weft.platform.error.StatusMapper;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Watches a channel for failed answers that do not carry exactly one ErrorInfo of our domain.
 * Answers that the client's own side makes up (cancelled, deadline passed, connection gone) are no
 * answers of the server and are let pass.
 */
public final class ErrorConformance implements ClientInterceptor {

  private final List<String> violations = new CopyOnWriteArrayList<>();

  /** Fails if an answer broke the contract since the start. */
  public void verify() {
    if (!violations.isEmpty()) {
      throw new AssertionError("answers without one ErrorInfo: " + violations);
    }
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(io.grpc.Status status, Metadata trailers) {
                check(method, status, trailers);
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  private void check(MethodDescriptor<?, ?> method, io.grpc.Status status, Metadata trailers) {
    boolean madeByClient =
        switch (status.getCode()) {
          case OK -> true;
          case CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE -> trailers.keys().isEmpty();
          default -> false;
        };
    if (madeByClient) {
      return;
    }
    Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    long infos =
        details.getDetailsList().stream()
            .filter(any -> any.is(ErrorInfo.class))
            .map(
                any -> {
                  try {
                    return any.unpack(ErrorInfo.class);
                  } catch (InvalidProtocolBufferException e) {
                    return ErrorInfo.getDefaultInstance();
                  }
                })
            .filter(info -> info.getDomain().equals(StatusMapper.DOMAIN))
            .filter(info -> !info.getReason().isEmpty())
            .count();
    if (infos != 1) {
      violations.add(method.getFullMethodName() + " answered " + status);
    }
  }
}
