package dev.weft.platform.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Long streams to one replica, over as many connections as they need: a peer takes so many calls on
 * a connection, and further ones wait there, without a word, until another ends. Connections are
 * filled in their order, so those that are needed no longer fall idle.
 */
final class SpreadChannel extends Channel {

  private final Supplier<ManagedChannel> opener;
  private final int mostStreams;
  private final List<Lane> lanes = new ArrayList<>();
  private boolean closed;

  /**
   * @param opener opens one more connection, which connects at its first call
   * @param mostStreams on one connection; a few more if they are opened at the same instant
   */
  SpreadChannel(Supplier<ManagedChannel> opener, int mostStreams) {
    this.opener = opener;
    this.mostStreams = mostStreams;
    lanes.add(new Lane(opener.get(), new AtomicInteger()));
  }

  /** One connection, and how many streams are open on it. */
  private record Lane(ManagedChannel channel, AtomicInteger streams) {}

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    Lane lane = lane();
    return new CountedCall<>(lane.channel().newCall(method, options), lane.streams());
  }

  private synchronized Lane lane() {
    for (Lane lane : lanes) {
      if (closed || lane.streams().get() < mostStreams) {
        return lane;
      }
    }
    Lane added = new Lane(opener.get(), new AtomicInteger());
    lanes.add(added);
    return added;
  }

  @Override
  public String authority() {
    return first().authority();
  }

  private synchronized ManagedChannel first() {
    return lanes.getFirst().channel();
  }

  synchronized int connections() {
    return lanes.size();
  }

  synchronized int streams() {
    return lanes.stream().mapToInt(lane -> lane.streams().get()).sum();
  }

  synchronized void resetConnectBackoff() {
    lanes.forEach(lane -> lane.channel().resetConnectBackoff());
  }

  /** Open streams go on. */
  synchronized void shutdown() {
    closed = true;
    lanes.forEach(lane -> lane.channel().shutdown());
  }

  synchronized void shutdownNow() {
    closed = true;
    lanes.forEach(lane -> lane.channel().shutdownNow());
  }

  /** Counts from its start, since a call that is never started is never told of an end. */
  private static final class CountedCall<Q, A> extends SimpleForwardingClientCall<Q, A> {

    private final AtomicInteger streams;

    CountedCall(ClientCall<Q, A> call, AtomicInteger streams) {
      super(call);
      this.streams = streams;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      streams.incrementAndGet();
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              streams.decrementAndGet();
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
