package dev.weft.worker.grpc;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.time.Backoff;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Keeps one long stream to whoever holds a role: dials, notices the end, dials again. */
final class StreamKeeper implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(StreamKeeper.class);

  /**
   * A placer that takes over waits 3 s for the workers whose attempts it found running (design:
   * §5); pause and round together stay under that, so that no worker comes too late.
   */
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5);

  private static final Duration NO_ADDRESS = Duration.ofSeconds(1);

  /** Opens one stream; it tells the keeper once when it stands and once when it has ended. */
  @FunctionalInterface
  interface Opener {
    void open(Channel channel, StreamKeeper keeper);
  }

  /**
   * Where to dial.
   *
   * @param follow whether addresses that replicas name can be reached from here
   */
  record Addresses(List<String> known, boolean follow) {}

  /** What a keeper dials with. */
  record Means(
      Supplier<Addresses> addresses,
      Function<String, ManagedChannel> channels,
      ScheduledExecutorService timer,
      RandomGenerator random,
      Runnable askAgain) {}

  private final String name;
  private final Means means;
  private final Opener opener;
  private final DialPlan plan;
  private @Nullable ManagedChannel channel;
  private String address = "";
  private boolean stands = true;
  private boolean closed;

  StreamKeeper(String name, Means means, Opener opener) {
    this.name = name;
    this.means = means;
    this.opener = opener;
    this.plan = new DialPlan(BACKOFF, means.random());
  }

  synchronized void start() {
    dial(null);
  }

  /** The stream stands. */
  synchronized void connected() {
    plan.connected();
    stands = true;
    LOG.infof("stream stands: stream=%s address=%s", name, address);
  }

  /** The stream has ended; another is dialled. */
  synchronized void ended(@Nullable Throwable cause) {
    if (closed) {
      return;
    }
    MeshProblem problem =
        StatusMapper.fromStatus(
            cause == null ? io.grpc.Status.UNAVAILABLE.asRuntimeException() : cause);
    // Once is news; that it is still so is not.
    LOG.logf(
        stands ? Level.INFO : Level.DEBUG,
        "stream ended: stream=%s address=%s reason=%s error=%s",
        name,
        address,
        problem.reason(),
        problem.message());
    stands = false;
    dial(problem);
  }

  private void dial(@Nullable MeshProblem failure) {
    ManagedChannel old = channel;
    if (old != null) {
      old.shutdownNow();
      channel = null;
    }
    if (plan.exhausted()) {
      means.askAgain().run();
    }
    Addresses addresses = means.addresses().get();
    if (addresses.known().isEmpty()) {
      means.askAgain().run();
      schedule(() -> dial(failure), NO_ADDRESS);
      return;
    }
    DialPlan.Dial next = plan.next(addresses.known(), addresses.follow(), failure);
    schedule(() -> open(next.address()), next.pause());
  }

  private void open(String to) {
    address = to;
    try {
      ManagedChannel fresh = means.channels().apply(to);
      channel = fresh;
      opener.open(fresh, this);
    } catch (RuntimeException e) {
      LOG.warnf(e, "stream could not be dialled: stream=%s address=%s", name, to);
      ended(e);
    }
  }

  private void schedule(Runnable action, Duration pause) {
    try {
      means.timer().schedule(() -> unlessClosed(action), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true;
    }
  }

  private synchronized void unlessClosed(Runnable action) {
    if (!closed) {
      action.run();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      channel.shutdownNow();
    }
  }
}
