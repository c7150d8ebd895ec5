package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.platform.error.MeshException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a followed stream to a gRPC caller, no faster than the caller reads: another item is asked
 * for when one has left. All writing is under one lock, since observers bear no two writers.
 */
final class ServerStreamSink<T, A> implements StreamSink<T>, WatchGuard.Reader {

  private final ServerCallStreamObserver<A> observer;
  private final Function<T, List<A>> write;
  private final Optional<A> heartbeat;
  private @Nullable OpenStream stream;
  private WatchGuard.@Nullable Watch watch;
  private int owed;
  private boolean over;

  /**
   * @param heartbeat sent after 15 s of silence, where the contract has one
   */
  ServerStreamSink(StreamObserver<A> observer, Function<T, List<A>> write, Optional<A> heartbeat) {
    this.observer = (ServerCallStreamObserver<A>) observer;
    this.write = write;
    this.heartbeat = heartbeat;
  }

  /** Follows the stream until either side ends it. */
  void run(
      Function<WatchGuard.Reader, WatchGuard.Watch> admission,
      Function<StreamSink<T>, OpenStream> source) {
    observer.setOnCancelHandler(this::leave);
    observer.setOnReadyHandler(this::ready);
    try {
      synchronized (this) {
        watch = admission.apply(this);
      }
      OpenStream opened = source.apply(this);
      boolean late;
      synchronized (this) {
        stream = opened;
        late = over;
      }
      if (late) {
        opened.cancel();
      } else {
        ready();
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  @Override
  public void next(T item) {
    synchronized (this) {
      if (over) {
        return;
      }
      write.apply(item).forEach(observer::onNext);
      owed++;
      spoke();
    }
    ready();
  }

  /** Asks for as many items as have left. */
  private void ready() {
    OpenStream source;
    int more;
    synchronized (this) {
      if (over || !observer.isReady() || stream == null) {
        return;
      }
      source = stream;
      more = owed;
      owed = 0;
    }
    for (int i = 0; i < more; i++) {
      source.request();
    }
  }

  private void spoke() {
    if (watch != null) {
      watch.spoke();
    }
  }

  @Override
  public synchronized void silent() {
    if (!over && observer.isReady()) {
      heartbeat.ifPresent(observer::onNext);
    }
  }

  @Override
  public void dismissed(MeshException why) {
    failed(why);
    leave();
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

  /** The caller has gone, or is sent away. */
  private void leave() {
    end();
    OpenStream source;
    synchronized (this) {
      source = stream;
    }
    if (source != null) {
      source.cancel();
    }
  }

  private boolean end() {
    WatchGuard.Watch closing;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      closing = watch;
    }
    if (closing != null) {
      closing.close();
    }
    return true;
  }
}
