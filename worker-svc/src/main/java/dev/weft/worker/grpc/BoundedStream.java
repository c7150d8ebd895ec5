package dev.weft.worker.grpc;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.Halt;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A call that is broken off when its attempt ends, and given up when nothing comes for long. */
final class BoundedStream<Q, A> implements AutoCloseable {

  static final long SILENCE_SECONDS = 20;

  /** Takes what comes. */
  @FunctionalInterface
  interface Taker<A> {
    void take(A answer) throws IOException, CarryException;
  }

  private final BlockingClientCall<Q, A> call;
  private final Halt.Hung hung;

  BoundedStream(BlockingClientCall<Q, A> call, Halt halt) {
    this.call = call;
    this.hung = halt.breaks(() -> call.cancel("the attempt ends", null));
  }

  BlockingClientCall<Q, A> call() {
    return call;
  }

  /** All that comes, to the end. */
  void each(Taker<A> taker, Runnable progress)
      throws StatusException, TimeoutException, IOException, CarryException, InterruptedException {
    while (true) {
      @Nullable A answer = call.read(SILENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        return;
      }
      taker.take(answer);
      progress.run();
    }
  }

  @Override
  public void close() {
    hung.close();
    // Harmless when it has ended by itself.
    call.cancel("done", null);
  }
}
