package dev.weft.gateway.forward;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.discovery.ServiceDirectory.Pick;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The channel to one chosen replica, which counts the calls that are under way there. */
final class CountedChannel extends Channel {

  private final Channel channel;
  private final HostPort address;
  private final Optional<Pick> pick;
  private final Duration deadline;

  /**
   * @param deadline of every call; zero is none
   */
  CountedChannel(Channel channel, HostPort address, Optional<Pick> pick, Duration deadline) {
    this.channel = channel;
    this.address = address;
    this.pick = pick;
    this.deadline = deadline;
  }

  HostPort address() {
    return address;
  }

  @Override
  public String authority() {
    return channel.authority();
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    CallOptions timed =
        deadline.isZero()
            ? options
            : options.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    ClientCall<Q, A> call = channel.newCall(method, timed);
    return pick.isEmpty() ? call : new CountedCall<>(call, pick.get());
  }

  private static final class CountedCall<Q, A> extends SimpleForwardingClientCall<Q, A> {

    private final Pick pick;

    CountedCall(ClientCall<Q, A> call, Pick pick) {
      super(call);
      this.pick = pick;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      pick.started();
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, @Nullable Metadata trailers) {
              pick.ended(status.isOk() ? null : status.asRuntimeException());
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
