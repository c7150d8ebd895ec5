package dev.weft.artifact.grpc.output;

import dev.weft.artifact.app.output.LogKeeper;
import dev.weft.artifact.app.output.OpenLog;
import dev.weft.artifact.app.output.Opened;
import dev.weft.artifact.app.output.OutputLogs;
import dev.weft.artifact.app.output.OutputReason;
import dev.weft.artifact.app.output.Refusals;
import dev.weft.artifact.app.output.WriterLink;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputAck;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.OutputOpen;
import dev.weft.proto.internal.artifact.v1.OutputOpened;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * One worker's stream. A message is asked for when the one before it has been taken in; acks are
 * not queued, a worker that does not read gets the newest when it does. What goes down is sent
 * under the lock of {@code responses}.
 */
final class AppendStream implements StreamObserver<AppendOutputRequest>, WriterLink {

  private static final int VERSION = 1;

  private final OutputLogs logs;
  private final Peer peer;
  private final int window;
  private final ServerCallStreamObserver<AppendOutputResponse> responses;
  private boolean opening;
  private volatile @Nullable LogKeeper keeper;
  private boolean opened;
  private boolean over;
  private long received;
  private long sealed;
  private boolean ackDue;
  private boolean closedDue;

  AppendStream(
      OutputLogs logs,
      Peer peer,
      int window,
      ServerCallStreamObserver<AppendOutputResponse> responses) {
    this.logs = logs;
    this.peer = peer;
    this.window = window;
    this.responses = responses;
    responses.disableAutoRequest();
    responses.setOnCancelHandler(this::left);
    responses.setOnReadyHandler(this::flush);
    responses.request(1);
  }

  @Override
  public void onNext(AppendOutputRequest request) {
    try {
      switch (request.getStepCase()) {
        case OPEN -> open(request.getOpen());
        case FRAME -> frame(request.getFrame());
        case STEP_NOT_SET -> responses.request(1);
      }
    } catch (RuntimeException e) {
      left();
      close(Refusals.of(e));
    }
  }

  @Override
  public void onError(Throwable failure) {
    left();
  }

  /** A worker that says no more without an end has gone; with it, it waits for the close. */
  @Override
  public void onCompleted() {
    LogKeeper log = keeper;
    if (log != null && log.isEnding(this)) {
      return;
    }
    left();
    synchronized (responses) {
      if (!over) {
        over = true;
        responses.onCompleted();
      }
    }
  }

  @Override
  public void ack(long newReceived, long newSealed) {
    synchronized (responses) {
      received = newReceived;
      sealed = newSealed;
      ackDue = true;
    }
    flush();
  }

  @Override
  public void resume() {
    responses.request(1);
  }

  @Override
  public void closed(long last) {
    synchronized (responses) {
      received = last;
      sealed = last;
      closedDue = true;
    }
    flush();
  }

  @Override
  public void close(MeshException why) {
    synchronized (responses) {
      if (!over) {
        over = true;
        responses.onError(why);
      }
    }
  }

  private void open(OutputOpen open) {
    if (opening) {
      throw MeshException.invalidField("step", "open", "frame");
    }
    opening = true;
    if (open.getProtocolVersion() != VERSION) {
      throw new MeshException(
              CommonReason.UNSUPPORTED_PROTOCOL,
              "protocol_version: " + open.getProtocolVersion() + " (expected: " + VERSION + ")")
          .with("version", open.getProtocolVersion())
          .with("supported", VERSION);
    }
    if (open.getFirstKept() < 0 || open.getFirstKept() > OutputProto.MOST_NUMBER) {
      throw MeshException.invalidField("first_kept", open.getFirstKept(), "0…2^60");
    }
    logs.open(
            new OpenLog(
                new Writer(peer.nodeId(), open.getLease().getFence()),
                open.getLease().getTaskId(),
                open.getLease().getAttempt(),
                open.getFirstKept()),
            this)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                opened(answer);
              } else {
                close(Refusals.of(failure));
              }
            });
  }

  private void opened(Opened answer) {
    switch (answer) {
      case Opened.Ready ready -> {
        keeper = ready.keeper();
        greet(ready.epoch(), ready.next());
        responses.request(1);
        if (responses.isCancelled()) {
          left();
        }
      }
      case Opened.Over done -> {
        greet(done.epoch(), done.end().lastNumber() + 1);
        closed(done.end().lastNumber());
      }
    }
  }

  private void greet(long epoch, long next) {
    synchronized (responses) {
      if (over) {
        return;
      }
      opened = true;
      responses.onNext(
          AppendOutputResponse.newBuilder()
              .setOpened(
                  OutputOpened.newBuilder()
                      .setOwnerEpoch(epoch)
                      .setNextNumber(next)
                      .setWindowBytes(window))
              .build());
    }
    flush();
  }

  private void frame(OutputFrame frame) {
    LogKeeper log = keeper;
    if (log == null) {
      throw new MeshException(
          OutputReason.HELLO_MISSING, "the stream's first message: a frame (expected: open)");
    }
    if (log.append(this, OutputProto.frame(frame, window))) {
      responses.request(1);
    }
  }

  private void flush() {
    synchronized (responses) {
      if (over || !opened) {
        return;
      }
      if (closedDue) {
        responses.onNext(ackMessage(true));
        over = true;
        responses.onCompleted();
      } else if (ackDue && responses.isReady()) {
        ackDue = false;
        responses.onNext(ackMessage(false));
      }
    }
  }

  private AppendOutputResponse ackMessage(boolean closed) {
    return AppendOutputResponse.newBuilder()
        .setAck(OutputAck.newBuilder().setReceived(received).setSealed(sealed).setClosed(closed))
        .build();
  }

  private void left() {
    LogKeeper log = keeper;
    if (log != null) {
      log.detach(this);
    }
  }
}
