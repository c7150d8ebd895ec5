package dev.weft.gateway.grpc;

import com.google.protobuf.MessageLite;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.artifact.Upstreaming;
import dev.weft.gateway.forward.StallWatch;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.error.MeshException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC caller's upload: reads the next step when there is room for it, and ends it on both sides
 * when either goes. All writing is under one lock.
 */
final class ServerUpload<Q extends MessageLite, I, A>
    implements StreamObserver<Q>, Upstreaming.Caller<I>, WatchGuard.Reader {

  private final ServerCallStreamObserver<A> observer;
  private final UnaryOperator<Q> check;
  private final Function<I, A> answer;
  private @Nullable Upstreaming<Q, ?, I> upload;
  private WatchGuard.@Nullable Watch watch;
  private @Nullable StallWatch stall;
  private boolean answerDue;
  private boolean over;

  /**
   * @param check passes a well-formed step
   */
  ServerUpload(StreamObserver<A> observer, UnaryOperator<Q> check, Function<I, A> answer) {
    this.observer = (ServerCallStreamObserver<A>) observer;
    this.check = check;
    this.answer = answer;
  }

  /** Before the method returns. */
  StreamObserver<Q> run(
      Function<WatchGuard.Reader, WatchGuard.Watch> admission,
      StallWatch.Setting patience,
      Function<Upstreaming.Caller<I>, Upstreaming<Q, ?, I>> open) {
    observer.disableAutoRequest();
    observer.setOnCancelHandler(this::leave);
    observer.setOnReadyHandler(this::ready);
    try {
      watch = admission.apply(this);
      stall = new StallWatch(patience, this::stalled);
      Upstreaming<Q, ?, I> opened = open.apply(this);
      synchronized (this) {
        upload = opened;
      }
      more();
    } catch (RuntimeException e) {
      failed(e);
    }
    return this;
  }

  @Override
  public void onNext(Q step) {
    Upstreaming<Q, ?, I> to;
    synchronized (this) {
      to = upload;
      if (over || to == null) {
        return;
      }
      heard(false);
    }
    try {
      if (to.offer(check.apply(step))) {
        more();
      }
    } catch (RuntimeException e) {
      failed(e);
      to.cancel();
    }
  }

  @Override
  public void onCompleted() {
    Upstreaming<Q, ?, I> to;
    synchronized (this) {
      to = upload;
      heard(false);
    }
    if (to != null) {
      to.finish();
    }
  }

  @Override
  public void onError(Throwable gone) {
    leave();
  }

  @Override
  public void more() {
    synchronized (this) {
      if (over) {
        return;
      }
      heard(true);
    }
    observer.request(1);
  }

  @Override
  public void next(I item) {
    boolean ask;
    synchronized (this) {
      if (over) {
        return;
      }
      observer.onNext(answer.apply(item));
      ask = observer.isReady();
      answerDue = !ask;
    }
    if (ask) {
      askAnswer();
    }
  }

  private void ready() {
    synchronized (this) {
      if (!answerDue || over || !observer.isReady()) {
        return;
      }
      answerDue = false;
    }
    askAnswer();
  }

  private void askAnswer() {
    Upstreaming<Q, ?, I> from;
    synchronized (this) {
      from = upload;
    }
    if (from != null) {
      from.request();
    }
  }

  @Override
  public void done() {
    if (end()) {
      observer.onCompleted();
    }
  }

  @Override
  public void failed(RuntimeException why) {
    if (end()) {
      observer.onError(GrpcCalls.status(why));
    }
  }

  /** The contract has no heartbeat here. */
  @Override
  public void silent() {}

  @Override
  public void dismissed(MeshException why) {
    failed(why);
    leave();
  }

  private void stalled() {
    failed(
        new MeshException(
            GatewayReason.UPLOAD_STALLED, "upload: nothing came for too long (expected: bytes)"));
    leave();
  }

  private void heard(boolean waiting) {
    if (stall != null) {
      stall.waiting(waiting);
    }
  }

  private void leave() {
    end();
    Upstreaming<Q, ?, I> to;
    synchronized (this) {
      to = upload;
    }
    if (to != null) {
      to.cancel();
    }
  }

  private boolean end() {
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      if (watch != null) {
        watch.close();
      }
      if (stall != null) {
        stall.close();
      }
    }
    return true;
  }
}
