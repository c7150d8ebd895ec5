package dev.weft.worker.grpc;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Channels to replicas of which each serves alike: one is held to until it fails, then the next.
 * Safe for threads.
 */
final class ReplicaLines implements AutoCloseable {

  /** A replica and the way to it. */
  record Line(String address, Channel channel) {}

  private final Supplier<List<String>> addresses;
  private final Function<String, ManagedChannel> dial;
  private final Map<String, ManagedChannel> channels = new HashMap<>();
  private final List<ManagedChannel> left = new ArrayList<>();
  private int turn;
  private boolean closed;

  /**
   * @param addresses those that are known now
   */
  ReplicaLines(
      Supplier<List<String>> addresses,
      Function<String, ManagedChannel> dial,
      RandomGenerator random) {
    this.addresses = addresses;
    this.dial = dial;
    this.turn = random.nextInt(1 << 16);
  }

  boolean anyKnown() {
    return !addresses.get().isEmpty();
  }

  /** The replica whose turn it is; none if no address is known. */
  synchronized Optional<Line> current() {
    List<String> known = addresses.get();
    if (known.isEmpty() || closed) {
      return Optional.empty();
    }
    String address = known.get(Math.floorMod(turn, known.size()));
    channels.entrySet().removeIf(each -> forgotten(each, known));
    return Optional.of(new Line(address, channels.computeIfAbsent(address, dial)));
  }

  private static boolean forgotten(Map.Entry<String, ManagedChannel> channel, List<String> known) {
    if (known.contains(channel.getKey())) {
      return false;
    }
    channel.getValue().shutdown();
    return true;
  }

  /**
   * This one failed: the next has its turn, unless others have moved on already. Its connection is
   * not used for new calls, since behind a door the same address may lead to another replica; calls
   * that are under way on it go on.
   */
  synchronized void leave(Line failed) {
    ManagedChannel channel = channels.get(failed.address());
    if (channel != null && channel.equals(failed.channel())) {
      channels.remove(failed.address());
      left.removeIf(ManagedChannel::isTerminated);
      left.add(channel.shutdown());
    }
    List<String> known = addresses.get();
    if (!known.isEmpty() && known.get(Math.floorMod(turn, known.size())).equals(failed.address())) {
      turn++;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
    left.forEach(ManagedChannel::shutdownNow);
    channels.clear();
    left.clear();
  }
}
