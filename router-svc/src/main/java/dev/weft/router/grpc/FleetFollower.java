package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.router.app.FleetBook;
import dev.weft.router.domain.fleet.PlaceRule;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the registry and keeps the {@link FleetBook} up to date: resumes at the last revision,
 * starts anew when that is too old, and calls again, with jitter, whenever the stream ends or is
 * silent for three heartbeats.
 */
public final class FleetFollower implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(FleetFollower.class);
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long PAUSE_MILLIS = 500;

  private final HolderClient registry;
  private final FleetBook book;
  private final PlaceRule places;
  private final ScheduledExecutorService timer;
  private final Ticker ticker;
  private long revision;
  private long epoch;
  private boolean closed;
  private @Nullable Stream current;

  /**
   * @param registry closed with this follower
   * @param places tells the cloud's workers from local ones
   */
  public FleetFollower(
      HolderClient registry,
      FleetBook book,
      PlaceRule places,
      ScheduledExecutorService timer,
      Ticker ticker) {
    this.registry = registry;
    this.book = book;
    this.places = places;
    this.timer = timer;
    this.ticker = ticker;
  }

  /** Opens the first stream; never blocks. */
  public void start() {
    timer.scheduleWithFixedDelay(this::endSilence, 5, 5, TimeUnit.SECONDS);
    timer.execute(this::open);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (current != null) {
        current.cancel("stopping");
      }
    }
    registry.close();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    try {
      Channel channel = registry.channel();
      Stream stream = new Stream(channel, revision == 0);
      current = stream;
      FleetServiceGrpc.newStub(channel)
          .followWorkers(
              FollowWorkersRequest.newBuilder().setAfterRevision(revision).setEpoch(epoch).build(),
              stream);
    } catch (MeshException e) {
      LOG.debugf(
          "no registry to follow, next try in about %d ms: %s", PAUSE_MILLIS, e.getMessage());
      again(PAUSE_MILLIS);
    }
  }

  private void again(long pauseMillis) {
    long jitter = pauseMillis == 0 ? 0 : ThreadLocalRandom.current().nextLong(pauseMillis);
    if (!timer.isShutdown()) {
      timer.schedule(this::open, pauseMillis + jitter, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void endSilence() {
    Stream stream = current;
    if (stream != null && ticker.nanos() - stream.lastHeard > SILENCE_NANOS) {
      stream.cancel("silent for 15 s");
    }
  }

  private synchronized void take(Stream stream, FollowWorkersResponse step) {
    if (stream != current) {
      return;
    }
    stream.lastHeard = ticker.nanos();
    switch (step.getStepCase()) {
      case WORKER -> {
        book.show(WorkerProtoMapper.view(step.getWorker(), places), step.getWorker().getRevision());
        if (!stream.snapshot) {
          revision = Math.max(revision, step.getWorker().getRevision());
        }
      }
      case SNAPSHOT_END -> {
        if (stream.snapshot) {
          book.endSnapshot(step.getSnapshotEnd().getRevision());
          stream.snapshot = false;
        }
        revision = step.getSnapshotEnd().getRevision();
        epoch = step.getSnapshotEnd().getEpoch();
      }
      case REMOVED -> {
        book.hide(WireIds.worker(step.getRemoved().getWorkerId()), step.getRemoved().getRevision());
        revision = Math.max(revision, step.getRemoved().getRevision());
      }
      case HEARTBEAT, STEP_NOT_SET -> {}
    }
  }

  private synchronized void ended(Stream stream, Throwable cause) {
    if (stream != current) {
      return;
    }
    current = null;
    if (Status.fromThrowable(cause).getCode() == Status.Code.OUT_OF_RANGE) {
      revision = 0;
      epoch = 0;
      again(0);
      return;
    }
    boolean named = registry.failed(stream.channel, cause);
    again(named ? 0 : PAUSE_MILLIS);
  }

  private final class Stream
      implements ClientResponseObserver<FollowWorkersRequest, FollowWorkersResponse> {

    private final Channel channel;
    private boolean snapshot;
    private long lastHeard = ticker.nanos();
    private @Nullable ClientCallStreamObserver<FollowWorkersRequest> call;

    Stream(Channel channel, boolean snapshot) {
      this.channel = channel;
      this.snapshot = snapshot;
      if (snapshot) {
        book.beginSnapshot();
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FollowWorkersRequest> starting) {
      call = starting;
    }

    @Override
    public void onNext(FollowWorkersResponse step) {
      take(this, step);
    }

    @Override
    public void onError(Throwable cause) {
      ended(this, cause);
    }

    @Override
    public void onCompleted() {
      ended(
          this, Status.UNAVAILABLE.withDescription("the registry ended the stream").asException());
    }

    private void cancel(String why) {
      ClientCallStreamObserver<FollowWorkersRequest> open = call;
      if (open != null) {
        open.cancel(why, null);
      }
    }
  }
}
