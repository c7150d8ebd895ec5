package dev.weft.scaler.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A stream from the replica that holds a role, opened anew, with jitter, whenever it ends or is
 * silent. It always starts from the beginning.
 */
final class HolderStream<Q, A> implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(HolderStream.class);
  private static final long PAUSE_MILLIS = 500;

  private final HolderClient holder;
  private final BiConsumer<Channel, StreamObserver<A>> opening;
  private final Listener<A> listener;
  private final ScheduledExecutorService timer;
  private final Ticker ticker;
  private boolean closed;
  private @Nullable Call current;

  /** Told of what comes, one call at a time. */
  interface Listener<A> {
    /** A stream begins; what was told before is from an older one. */
    void opened();

    void told(A message);

    void ended();
  }

  HolderStream(
      HolderClient holder,
      BiConsumer<Channel, StreamObserver<A>> opening,
      Listener<A> listener,
      ScheduledExecutorService timer,
      Ticker ticker) {
    this.holder = holder;
    this.opening = opening;
    this.listener = listener;
    this.timer = timer;
    this.ticker = ticker;
  }

  /**
   * Opens the first stream; never blocks.
   *
   * @param silence after which a stream is given up; more than its heartbeat
   */
  void start(Duration silence) {
    timer.scheduleWithFixedDelay(() -> endSilence(silence), 1, 1, TimeUnit.SECONDS);
    timer.execute(this::open);
  }

  /** How long ago something was heard on the open stream; a very long time if there is none. */
  synchronized Duration quiet() {
    Call call = current;
    return call == null ? Duration.ofDays(1) : Duration.ofNanos(ticker.nanos() - call.lastHeard);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (current != null) {
      current.cancel("stopping");
    }
    holder.close();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    try {
      Channel channel = holder.channel();
      Call call = new Call(channel);
      current = call;
      listener.opened();
      opening.accept(channel, call);
    } catch (MeshException e) {
      LOG.debugf("nobody to follow, next try in about %d ms: %s", PAUSE_MILLIS, e.getMessage());
      again(PAUSE_MILLIS);
    }
  }

  private void again(long pauseMillis) {
    long jitter = pauseMillis == 0 ? 0 : ThreadLocalRandom.current().nextLong(pauseMillis);
    if (!timer.isShutdown()) {
      timer.schedule(this::open, pauseMillis + jitter, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void endSilence(Duration silence) {
    Call call = current;
    if (call != null && ticker.nanos() - call.lastHeard > silence.toNanos()) {
      call.cancel("silent for " + silence);
    }
  }

  private synchronized void told(Call call, A message) {
    if (call == current) {
      call.lastHeard = ticker.nanos();
      listener.told(message);
    }
  }

  private synchronized void ended(Call call, Throwable cause) {
    if (call != current) {
      return;
    }
    current = null;
    listener.ended();
    boolean named = holder.failed(call.channel, cause);
    again(named ? 0 : PAUSE_MILLIS);
  }

  private final class Call implements ClientResponseObserver<Q, A> {

    private final Channel channel;
    private long lastHeard = ticker.nanos();
    private @Nullable ClientCallStreamObserver<Q> stream;

    Call(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> starting) {
      stream = starting;
    }

    @Override
    public void onNext(A message) {
      told(this, message);
    }

    @Override
    public void onError(Throwable cause) {
      ended(this, cause);
    }

    @Override
    public void onCompleted() {
      ended(this, Status.UNAVAILABLE.withDescription("the stream was ended").asException());
    }

    private void cancel(String why) {
      ClientCallStreamObserver<Q> open = stream;
      if (open != null) {
        open.cancel(why, null);
      }
    }
  }
}
