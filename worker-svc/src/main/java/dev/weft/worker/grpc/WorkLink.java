package dev.weft.worker.grpc;

import dev.weft.proto.internal.work.v1.WorkRequest;
import dev.weft.proto.internal.work.v1.WorkResponse;
import dev.weft.proto.internal.work.v1.WorkServiceGrpc;
import dev.weft.worker.app.PlacerLink;
import dev.weft.worker.app.WorkDesk;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One work stream. What the placer says goes onto the worker's loop and is asked for a few frames
 * at a time, so that what waits there is bounded; what is said to it is only made when the stream
 * takes it.
 */
final class WorkLink implements PlacerLink, ClientResponseObserver<WorkRequest, WorkResponse> {

  /**
   * Frames that may wait for the loop, of a MiB at most unless one assignment alone is larger. They
   * are asked for half a window at a time: each question wakes the thread that reads.
   */
  static final int WINDOW = 8;

  /** Who dials, on which loop. */
  record Side(String workerId, long incarnation, WorkDesk desk, Executor loop) {}

  private final Side side;
  private final StreamKeeper keeper;
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable ClientCallStreamObserver<WorkRequest> up;
  private int taken;

  private WorkLink(Side side, StreamKeeper keeper) {
    this.side = side;
    this.keeper = keeper;
  }

  static void open(Channel channel, StreamKeeper keeper, Side side) {
    WorkLink link = new WorkLink(side, keeper);
    // What comes only goes onto the loop: a thread in between would be waked for each frame.
    WorkServiceGrpc.newStub(channel).withExecutor(Runnable::run).work(link);
    side.loop().execute(link::greet);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WorkRequest> stream) {
    up = stream;
    stream.disableAutoRequestWithInitial(WINDOW);
    // An empty step: the loop gives the desk a chance to send after each of its batches.
    stream.setOnReadyHandler(() -> side.loop().execute(() -> {}));
  }

  private void greet() {
    if (ended.get()) {
      return;
    }
    Hello hello = side.desk().connecting(this);
    stream()
        .onNext(
            WorkRequest.newBuilder()
                .setHello(WorkProtoMapper.hello(side.workerId(), side.incarnation(), hello))
                .build());
  }

  @Override
  public void onNext(WorkResponse response) {
    side.loop().execute(() -> takeNext(response));
  }

  private void takeNext(WorkResponse response) {
    try {
      take(response);
    } finally {
      if (++taken == WINDOW / 2) {
        taken = 0;
        stream().request(WINDOW / 2);
      }
    }
  }

  private void take(WorkResponse response) {
    switch (response.getStepCase()) {
      case WELCOME -> {
        keeper.connected();
        side.desk().welcome(this, WorkProtoMapper.welcome(response.getWelcome()));
      }
      case FRAME -> side.desk().orders(this, WorkProtoMapper.orders(response.getFrame()));
      case STEP_NOT_SET -> {
        // A step of a later protocol; only what both sides named is used, so there is none to miss.
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onCompleted() {
    end(null);
  }

  @Override
  public boolean ready() {
    return !ended.get() && stream().isReady();
  }

  @Override
  public void send(Frame frame) {
    stream().onNext(WorkRequest.newBuilder().setFrame(WorkProtoMapper.frame(frame)).build());
  }

  @Override
  public void close(String why) {
    stream().cancel(why, null);
  }

  private void end(@Nullable Throwable cause) {
    if (ended.compareAndSet(false, true)) {
      side.loop().execute(() -> side.desk().disconnected(this));
      keeper.ended(cause);
    }
  }

  private ClientCallStreamObserver<WorkRequest> stream() {
    ClientCallStreamObserver<WorkRequest> stream = up;
    if (stream == null) {
      throw new IllegalStateException("the stream has not begun");
    }
    return stream;
  }
}
