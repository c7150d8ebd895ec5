package dev.weft.gateway.session;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Channels to the mesh ports of other gateways, shared by their streams: so many on each connection
 * as a peer takes. One that nobody uses is closed.
 */
public final class HomeChannels implements HomeLines {

  private static final int STREAMS_PER_CONNECTION = 500;

  private final Function<String, ManagedChannel> dial;
  private final Map<String, List<Shared>> byAddress = new HashMap<>();

  /**
   * @param dial opens a channel to host:port
   */
  public HomeChannels(Function<String, ManagedChannel> dial) {
    this.dial = dial;
  }

  private static final class Shared {
    private final ManagedChannel channel;
    private int users;

    Shared(ManagedChannel channel) {
      this.channel = channel;
    }
  }

  /** A channel for one stream, to be given back. */
  final class Lease {

    private final String address;
    private final Shared shared;
    private boolean released;

    private Lease(String address, Shared shared) {
      this.address = address;
      this.shared = shared;
    }

    Channel channel() {
      return shared.channel;
    }

    void release() {
      synchronized (HomeChannels.this) {
        if (released) {
          return;
        }
        released = true;
        shared.users--;
        if (shared.users > 0) {
          return;
        }
        List<Shared> others = byAddress.getOrDefault(address, List.of());
        others.remove(shared);
        if (others.isEmpty()) {
          byAddress.remove(address);
        }
      }
      shared.channel.shutdown();
    }
  }

  @Override
  public HomeLine to(String address, HomeLine.Listener listener) {
    return new GrpcHomeLine(lease(address), listener);
  }

  private Lease lease(String address) {
    synchronized (this) {
      List<Shared> there = byAddress.computeIfAbsent(address, _ -> new ArrayList<>());
      Shared free =
          there.stream()
              .filter(one -> one.users < STREAMS_PER_CONNECTION)
              .findFirst()
              .orElseGet(
                  () -> {
                    Shared made = new Shared(dial.apply(address));
                    there.add(made);
                    return made;
                  });
      free.users++;
      // A gateway that was away may be back sooner than gRPC would look again.
      free.channel.resetConnectBackoff();
      return new Lease(address, free);
    }
  }
}
