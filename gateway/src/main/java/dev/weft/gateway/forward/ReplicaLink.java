package dev.weft.gateway.forward;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.weft.gateway.app.Later;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.discovery.ServiceDirectory;
import dev.weft.platform.discovery.ServiceDirectory.Pick;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshReason;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Any replica of a role whose replicas are all alike: of two random ones the one with fewer calls
 * under way, and for a while none that has just failed, so that the next try goes elsewhere.
 */
public final class ReplicaLink implements Holder, AutoCloseable {

  private static final long SUSPECT_NANOS = Duration.ofSeconds(3).toNanos();
  private static final Duration ONE_TRY = Duration.ofSeconds(5);

  private final String role;
  private final ServiceDirectory directory;
  private final MeshChannels mesh;
  private final Tools tools;
  private final Map<HostPort, ManagedChannel> channels = new HashMap<>();
  private final ConcurrentHashMap<HostPort, Long> suspects = new ConcurrentHashMap<>();

  /** Time and chance. */
  public record Tools(Later later, Ticker ticker, Backoff backoff, RandomGenerator random) {}

  public ReplicaLink(String role, ServiceDirectory directory, MeshChannels mesh, Tools tools) {
    this.role = role;
    this.directory = directory;
    this.mesh = mesh;
    this.tools = tools;
  }

  @Override
  public <T> CompletionStage<T> call(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
    return attempt(rpc, deadline, true);
  }

  @Override
  public <T> CompletionStage<T> callOnce(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline) {
    return attempt(rpc, deadline, false);
  }

  private <T> CompletionStage<T> attempt(
      Function<Channel, ListenableFuture<T>> rpc, Duration deadline, boolean idempotent) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    new Attempts<>(rpc, tools.ticker().nanos() + deadline.toNanos(), idempotent, answer).next();
    return answer;
  }

  @Override
  public Channel channel() {
    return counted(Duration.ZERO);
  }

  @Override
  public void broken(Channel channel, Throwable failure) {
    if (channel instanceof CountedChannel counted
        && Upstream.isAway(StatusMapper.fromStatus(failure))) {
      suspects.put(counted.address(), tools.ticker().nanos());
    }
  }

  /** All of them are. */
  @Override
  public String lastSeen() {
    return "";
  }

  @Override
  public synchronized void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }

  private CountedChannel counted(Duration deadline) {
    Pick pick =
        directory
            .pick(role)
            .orElseThrow(
                () ->
                    new MeshException(MeshReason.NO_HOLDER, role + ": no address is known")
                        .with("role", role));
    if (isSuspect(pick.address())) {
      Optional<HostPort> other = unsuspected();
      if (other.isPresent()) {
        return new CountedChannel(channelTo(other.get()), other.get(), Optional.empty(), deadline);
      }
    }
    return new CountedChannel(
        channelTo(pick.address()), pick.address(), Optional.of(pick), deadline);
  }

  private Optional<HostPort> unsuspected() {
    List<HostPort> fine =
        directory.addresses(role).stream().filter(address -> !isSuspect(address)).toList();
    return fine.isEmpty()
        ? Optional.empty()
        : Optional.of(fine.get(tools.random().nextInt(fine.size())));
  }

  private boolean isSuspect(HostPort address) {
    Long since = suspects.get(address);
    if (since == null) {
      return false;
    }
    if (tools.ticker().nanos() - since < SUSPECT_NANOS) {
      return true;
    }
    suspects.remove(address, since);
    return false;
  }

  private synchronized ManagedChannel channelTo(HostPort address) {
    ManagedChannel known = channels.get(address);
    if (known != null) {
      return known;
    }
    List<HostPort> current = directory.addresses(role);
    channels.entrySet().removeIf(entry -> isGone(entry.getKey(), entry.getValue(), current));
    ManagedChannel channel = mesh.open(address, role);
    channels.put(address, channel);
    return channel;
  }

  /** What no catalogue knows any more is closed; calls that are under way there may end. */
  private static boolean isGone(HostPort address, ManagedChannel channel, List<HostPort> current) {
    boolean gone = !current.contains(address);
    if (gone) {
      channel.shutdown();
    }
    return gone;
  }

  /** One call with its tries. */
  private final class Attempts<T> implements FutureCallback<T> {

    private final Function<Channel, ListenableFuture<T>> rpc;
    private final long until;
    private final boolean idempotent;
    private final CompletableFuture<T> answer;
    private int failures;
    private volatile Optional<CountedChannel> current = Optional.empty();

    Attempts(
        Function<Channel, ListenableFuture<T>> rpc,
        long until,
        boolean idempotent,
        CompletableFuture<T> answer) {
      this.rpc = rpc;
      this.until = until;
      this.idempotent = idempotent;
      this.answer = answer;
    }

    void next() {
      try {
        Duration left = Duration.ofNanos(Math.max(1, until - tools.ticker().nanos()));
        CountedChannel channel =
            counted(idempotent && left.compareTo(ONE_TRY) > 0 ? ONE_TRY : left);
        current = Optional.of(channel);
        Futures.addCallback(rpc.apply(channel), this, MoreExecutors.directExecutor());
      } catch (RuntimeException | OutOfMemoryError e) {
        // Netty throws the error where no more direct memory is allowed; whoever waits hears of it.
        onFailure(e);
      }
    }

    @Override
    public void onSuccess(T value) {
      answer.complete(value);
    }

    @Override
    public void onFailure(Throwable failure) {
      current.ifPresent(channel -> broken(channel, failure));
      failures++;
      Duration pause = tools.backoff().delay(failures, tools.random());
      boolean again =
          Upstream.isAway(StatusMapper.fromStatus(failure))
              && (idempotent || Upstream.isUntaken(failure))
              && tools.ticker().nanos() + pause.toNanos() < until;
      if (again) {
        tools.later().run(pause, this::next);
      } else {
        answer.completeExceptionally(failure);
      }
    }
  }
}
