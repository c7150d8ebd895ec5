package dev.weft.artifact.grpc;

import dev.weft.artifact.app.Transfers;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/** Sends what a source has, as fast as the client reads: at most a few blocks are in memory. */
final class DownloadStream<A> extends TransferStream<A> {

  /** What waits in the transport before the next block is read. */
  private static final int AHEAD_BYTES = 1 << 20;

  private final Source<A> source;

  DownloadStream(ServerCallStreamObserver<A> observer, Transfers transfers, Source<A> source) {
    super(observer, transfers);
    this.source = source;
    observer.setOnReadyThreshold(AHEAD_BYTES);
    observer.setOnReadyHandler(this::pump);
  }

  /** The messages, one after the other. */
  interface Source<A> extends AutoCloseable {

    /** Null: that was all. */
    @Nullable A next();

    @Override
    void close();
  }

  /** Sends until the client's side is full; called again when it is not. */
  void pump() {
    step(
        () -> {
          while (observer().isReady()) {
            A message = source.next();
            if (message == null) {
              complete();
              return;
            }
            observer().onNext(message);
          }
        });
  }

  @Override
  void release() {
    source.close();
  }
}
