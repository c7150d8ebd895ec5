package dev.weft.platform.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.HolderTargets.Target;
import io.grpc.Channel;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the one replica of a role that holds a cell, and follows it when it moves: to the address
 * that NOT_HOLDER names (unless the hint is of an older epoch than one seen before), else to the
 * next known one. Every address must prove the role by its certificate. All methods may be called
 * from any thread.
 */
public final class HolderClient implements AutoCloseable {

  private final HolderTargets targets;
  private final MeshChannels channels;
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param addresses the replicas that are known now; asked again at every move
   */
  public HolderClient(String role, Supplier<List<HostPort>> addresses, MeshChannels channels) {
    this(role, addresses, () -> false, channels);
  }

  /**
   * @param relayed whether the addresses are a relay's, which leads each new connection to whoever
   *     holds then; what replicas name can't be reached then, and is not tried
   */
  public HolderClient(
      String role,
      Supplier<List<HostPort>> addresses,
      BooleanSupplier relayed,
      MeshChannels channels) {
    this.targets = new HolderTargets(role, addresses, relayed, channels);
    this.channels = channels;
  }

  /**
   * Makes an idempotent call: repeated after NOT_HOLDER, UNAVAILABLE and a replica's silence, with
   * growing pauses, until the deadline. Other failures come through as they are.
   *
   * @param rpc makes the call, for example {@code ch -> XGrpc.newFutureStub(ch).get(request)}; its
   *     deadline is set here
   * @return fails with NO_HOLDER (UNAVAILABLE) if nobody who holds answered in time
   */
  public <T> CompletionStage<T> call(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
    return start(new HolderCall<>(targets, channels, rpc, deadline, true));
  }

  /** Makes a call that is repeated only after NOT_HOLDER, which says that nothing was done. */
  public <T> CompletionStage<T> callOnce(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
    return start(new HolderCall<>(targets, channels, rpc, deadline, false));
  }

  // Identity is meant: each call has its own future.
  @SuppressWarnings("CollectionUndefinedEquality")
  private <T> CompletionStage<T> start(HolderCall<T> call) {
    CompletableFuture<T> result = call.result();
    underWay.add(result);
    result.whenComplete((value, failure) -> underWay.remove(result));
    call.start();
    return result;
  }

  /**
   * The channel to the replica that is believed to hold, for streams of any number: they go over
   * connections of their own. Pass what ends a stream to {@link #failed}.
   *
   * @throws MeshException NO_HOLDER if no address is known
   */
  public Channel channel() {
    Target target = targets.current();
    if (target == null) {
      throw unknown(targets.role());
    }
    return target.streams();
  }

  /**
   * The replica that is believed to hold, for showing it and for relays; empty if no address is
   * known.
   */
  public Optional<HostPort> believed() {
    return Optional.ofNullable(targets.current()).map(Target::address);
  }

  /**
   * Learns from the failure of a stream on a channel that {@link #channel} gave; the next {@link
   * #channel} may be another.
   *
   * @return whether the replica named the holder, so that asking again at once makes sense; else
   *     pause first
   */
  public boolean failed(Channel channel, Throwable failure) {
    Target target = targets.of(channel);
    return target == null || learn(targets, target, StatusMapper.fromStatus(failure));
  }

  /** Moves the belief after a failure; true if the next try can be made at once. */
  static boolean learn(HolderTargets targets, Target failed, MeshProblem problem) {
    if (problem.is(CommonReason.NOT_HOLDER)) {
      HostPort hint = hint(problem);
      if (hint != null) {
        return targets.follow(failed, hint, epoch(problem));
      }
      targets.leave(failed);
    } else if (problem.code() == Code.UNAVAILABLE || problem.code() == Code.DEADLINE_EXCEEDED) {
      targets.leave(failed);
    }
    return false;
  }

  static MeshException unknown(String role) {
    return new MeshException(MeshReason.NO_HOLDER, role + ": no address is known")
        .with("role", role);
  }

  static MeshException closed(String role) {
    return new MeshException(MeshReason.NO_HOLDER, role + ": the client is closed")
        .with("role", role);
  }

  private static @Nullable HostPort hint(MeshProblem problem) {
    String address = problem.metadata().getOrDefault("address", "");
    try {
      return address.isEmpty() ? null : HostPort.parse(address);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static long epoch(MeshProblem problem) {
    try {
      return Long.parseLong(problem.metadata().getOrDefault("epoch", "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Ends the channels and with them every call. */
  @Override
  public void close() {
    targets.close();
    underWay.forEach(call -> call.completeExceptionally(closed(targets.role())));
  }
}
