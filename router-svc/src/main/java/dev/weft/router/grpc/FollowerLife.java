package dev.weft.router.grpc;

import com.google.protobuf.MessageLite;
import dev.weft.platform.grpc.StreamOutbox;
import dev.weft.router.app.Followers;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A follower's stream from its first heartbeat to its end, however it comes. */
final class FollowerLife {

  private static final long HEARTBEAT_SECONDS = 15;

  private FollowerLife() {}

  /**
   * Beats as long as the stream is open, then lets go of what it holds.
   *
   * @param heartbeat what is sent though there is nothing to tell
   */
  static <M extends MessageLite> void begin(
      ServerCallStreamObserver<M> observer,
      StreamOutbox<M> outbox,
      Followers.Following<?, ?> following,
      ScheduledExecutorService timer,
      M heartbeat) {
    Future<?> beating =
        timer.scheduleAtFixedRate(
            () -> outbox.offer(heartbeat), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    Runnable ended =
        () -> {
          beating.cancel(false);
          following.close();
          outbox.abandon();
        };
    observer.setOnCancelHandler(ended);
    observer.setOnCloseHandler(ended);
  }
}
