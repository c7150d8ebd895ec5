package dev.weft.platform.grpc;

import dev.weft.platform.discovery.HostPort;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which replica is believed to hold the role, and the channels to each replica. However many calls
 * fail on one replica, the belief moves once: only a failure of the replica that is believed in
 * counts.
 */
final class HolderTargets {

  /**
   * A replica.
   *
   * @param calls the channel for short calls, which no number of open streams may hold up
   * @param streams the one for long streams
   */
  record Target(HostPort address, ManagedChannel calls, SpreadChannel streams) {

    private void shutdown() {
      calls.shutdown();
      streams.shutdown();
    }

    private void shutdownNow() {
      calls.shutdownNow();
      streams.shutdownNow();
    }
  }

  private final String role;
  private final Supplier<List<HostPort>> known;
  private final BooleanSupplier relayed;
  private final MeshChannels channels;
  private final Map<HostPort, Target> open = new HashMap<>();
  private @Nullable Target believed;
  private long highestEpoch;
  private boolean closed;

  /**
   * @param relayed whether the known addresses are a relay's, which leads each new connection to
   *     whoever holds then, and the ones that replicas name can't be reached
   */
  HolderTargets(
      String role, Supplier<List<HostPort>> known, BooleanSupplier relayed, MeshChannels channels) {
    this.role = role;
    this.known = known;
    this.relayed = relayed;
    this.channels = channels;
  }

  String role() {
    return role;
  }

  /** The replica to ask now; the first known one at the start. Null if no address is known. */
  synchronized @Nullable Target current() {
    if (closed) {
      throw HolderClient.closed(role);
    }
    if (believed == null) {
      List<HostPort> addresses = known.get();
      if (!addresses.isEmpty()) {
        believed = target(addresses.getFirst());
      }
    }
    return believed;
  }

  /**
   * The failed replica said who holds.
   *
   * @param epoch of the hint, 0 if it was not told
   * @return whether it is worth asking again at once
   */
  synchronized boolean follow(Target failed, HostPort hint, long epoch) {
    if (closed || !failed.equals(believed)) {
      return !closed;
    }
    if (relayed.getAsBoolean()) {
      advance(failed);
      return false;
    }
    if (hint.equals(failed.address()) || (epoch > 0 && epoch < highestEpoch)) {
      advance(failed);
      return false;
    }
    highestEpoch = Math.max(highestEpoch, epoch);
    believed = target(hint);
    prune();
    return true;
  }

  /** The failed replica does not answer, or does not know who holds: try the next known one. */
  synchronized void leave(Target failed) {
    if (!closed && failed.equals(believed)) {
      advance(failed);
    }
  }

  private void advance(Target failed) {
    List<HostPort> addresses = known.get();
    if (!addresses.isEmpty()) {
      int next = (addresses.indexOf(failed.address()) + 1) % addresses.size();
      if (relayed.getAsBoolean() && open.remove(failed.address(), failed)) {
        failed.shutdown(); // Its connection leads where it led.
      }
      believed = target(addresses.get(next));
    }
    prune();
  }

  private Target target(HostPort address) {
    Target target = open.computeIfAbsent(address, this::opened);
    // A replica that was down a moment ago may be up: without this, gRPC fails fast for up to two
    // minutes.
    target.calls().resetConnectBackoff();
    target.streams().resetConnectBackoff();
    return target;
  }

  private Target opened(HostPort address) {
    return new Target(
        address,
        channels.open(address, role),
        new SpreadChannel(
            () -> channels.open(address, role), MeshLimits.LONG_STREAMS_PER_CONNECTION));
  }

  /** Channels to replicas that are gone end when their calls have ended. */
  private void prune() {
    Set<HostPort> kept = new HashSet<>(known.get());
    if (believed != null) {
      kept.add(believed.address());
    }
    open.values()
        .removeIf(
            target -> {
              boolean gone = !kept.contains(target.address());
              if (gone) {
                target.shutdown();
              }
              return gone;
            });
  }

  /** The replica that is believed in, if the streams' channel is its own. */
  synchronized @Nullable Target of(Channel channel) {
    return believed != null && believed.streams().equals(channel) ? believed : null;
  }

  synchronized List<HostPort> addresses() {
    return known.get();
  }

  synchronized void close() {
    closed = true;
    open.values().forEach(Target::shutdownNow);
    open.clear();
    believed = null;
  }
}
