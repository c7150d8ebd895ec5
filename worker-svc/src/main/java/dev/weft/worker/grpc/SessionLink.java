package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyRequest;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.HomeWelcome;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc.SessionServiceStub;
import dev.weft.worker.app.agent.AgentHomes.Body;
import dev.weft.worker.domain.agent.SessionFrame;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream from a body to its home. Frames are taken from the body's store only when the stream
 * takes them, and stay there until they are acknowledged. Safe for threads.
 */
final class SessionLink implements ClientResponseObserver<BodyRequest, BodyResponse> {

  private static final int MESSAGE_BYTES = 128 * 1024;
  private static final long SILENCE_NANOS = Duration.ofSeconds(3).toNanos();

  /**
   * Whose stream it is.
   *
   * @param onWelcome the home takes the frames
   * @param onEnd the stream is over, told once
   */
  record Side(
      Body body,
      long homeEpoch,
      Ticker ticker,
      Runnable onWelcome,
      Consumer<@Nullable Throwable> onEnd) {}

  private final Side side;
  private @Nullable ClientCallStreamObserver<BodyRequest> up;
  private boolean welcomed;
  private boolean ended;
  private boolean gone;
  private long heardAt;
  private long sentThrough;

  /** What was sent of frames on this stream, and what may be, in bytes of their messages. */
  private long sentBytes;

  private long creditBytes;

  /** The home was told that somebody waits for frames up to this one. */
  private long waitedThrough;

  private SessionLink(Side side) {
    this.side = side;
    this.heardAt = side.ticker().nanos();
  }

  static SessionLink open(SessionServiceStub stub, Side side) {
    SessionLink link = new SessionLink(side);
    stub.body(link);
    try {
      link.send(
          BodyRequest.newBuilder()
              .setHello(SessionProtoMapper.hello(side.body(), side.homeEpoch()))
              .build());
    } catch (RuntimeException e) {
      link.abandon();
      throw e;
    }
    return link;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<BodyRequest> stream) {
    up = stream;
    stream.disableAutoRequestWithInitial(1);
    stream.setOnReadyHandler(this::pump);
  }

  /** Sends what waits, as far as the stream takes it. */
  synchronized void pump() {
    while (welcomed && open() && stream().isReady()) {
      List<SessionFrame> next = next();
      boolean waits = side.body().frames().waits();
      if (next.isEmpty() && (!waits || waitedThrough >= sentThrough)) {
        return;
      }
      sentThrough = next.isEmpty() ? sentThrough : next.getLast().number();
      waitedThrough = waits ? sentThrough : waitedThrough;
      send(next, waits);
    }
  }

  /** As many as the home has room for; one may be larger than that. */
  private List<SessionFrame> next() {
    long room = creditBytes - sentBytes;
    return room > 0
        ? side.body().frames().after(sentThrough, (int) Math.min(room, MESSAGE_BYTES))
        : List.of();
  }

  private void send(List<SessionFrame> next, boolean waits) {
    BodyFrames.Builder building =
        BodyFrames.newBuilder()
            .setWaits(waits)
            .setIdleFor(Durations.toProto(side.body().idleFor()));
    next.forEach(frame -> building.addFrames(SessionProtoMapper.frame(frame)));
    BodyFrames frames = building.build();
    sentBytes += frames.getSerializedSize();
    stream().onNext(BodyRequest.newBuilder().setFrames(frames).build());
  }

  /** Says that the body lives, and gives up a home that does not; to be called each second. */
  void beat() {
    ClientCallStreamObserver<BodyRequest> silent;
    synchronized (this) {
      if (!open()) {
        return;
      }
      if (side.ticker().nanos() - heardAt <= SILENCE_NANOS) {
        if (welcomed && stream().isReady()) {
          send(List.of(), side.body().frames().waits());
        }
        return;
      }
      gone = true;
      silent = stream();
    }
    // Its end may be told at once, to who must not be waited for with this lock held.
    silent.cancel("the home is silent", null);
  }

  private synchronized void send(BodyRequest request) {
    if (open()) {
      stream().onNext(request);
    }
  }

  /** Between its cancelling and its end a stream takes nothing and says so with an exception. */
  private boolean open() {
    return !ended && !gone;
  }

  @Override
  public void onNext(BodyResponse response) {
    synchronized (this) {
      heardAt = side.ticker().nanos();
    }
    switch (response.getStepCase()) {
      case WELCOME -> welcome(response.getWelcome());
      case FRAME -> take(response.getFrame());
      case STEP_NOT_SET -> {
        // A step of a later protocol; only what both sides named is used, so there is none to miss.
      }
    }
    synchronized (this) {
      if (open()) {
        stream().request(1);
      }
    }
  }

  /** A home that knows of more than was ever made is not believed. */
  private void welcome(HomeWelcome welcome) {
    synchronized (this) {
      sentThrough = Math.min(welcome.getReceivedThrough(), side.body().frames().last());
      creditBytes = welcome.hasCreditBytes() ? welcome.getCreditBytes() : Long.MAX_VALUE;
      welcomed = true;
    }
    side.onWelcome().run();
    pump();
  }

  private void take(HomeFrame frame) {
    if (frame.getAckedThrough() > 0) {
      side.body().frames().acknowledged(frame.getAckedThrough());
    }
    side.body().obey(SessionProtoMapper.orders(frame));
    synchronized (this) {
      if (frame.getCreditBytes() <= creditBytes) {
        return;
      }
      creditBytes = frame.getCreditBytes();
    }
    pump();
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onCompleted() {
    end(null);
  }

  private void end(@Nullable Throwable cause) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    side.onEnd().accept(cause);
  }

  /** The body has ended by itself. */
  synchronized void finish() {
    if (open()) {
      ended = true;
      stream().onCompleted();
    }
  }

  /** Nobody asks for this stream any more, nor waits for its end. */
  void abandon() {
    ClientCallStreamObserver<BodyRequest> stream;
    synchronized (this) {
      ended = true;
      stream = stream();
    }
    stream.cancel("the body has another stream, or none", null);
  }

  private ClientCallStreamObserver<BodyRequest> stream() {
    ClientCallStreamObserver<BodyRequest> stream = up;
    if (stream == null) {
      throw new IllegalStateException("the stream has not begun");
    }
    return stream;
  }
}
