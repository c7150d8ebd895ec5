package dev.weft.worker.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyRequest;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.HomeWelcome;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc.SessionServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A home of bodies at a gateway, that says what the test says. */
public final class FakeSessions extends SessionServiceImplBase {

  public final List<BodyHello> hellos = new CopyOnWriteArrayList<>();
  public final List<SessionFrame> frames = new CopyOnWriteArrayList<>();

  /** What an earlier home handed over. */
  public volatile long receivedThrough;

  /** What a welcome lets the body send, in bytes; without bound if nothing. */
  public volatile OptionalLong credit = OptionalLong.empty();

  public volatile boolean acknowledges = true;
  public volatile int beats;

  /** How long the body was idle, as it said last. */
  public volatile com.google.protobuf.Duration idleFor =
      com.google.protobuf.Duration.getDefaultInstance();

  /** Whether somebody in the body waits for frames to be sealed, as it said last. */
  public volatile boolean waits;

  public volatile boolean finished;
  public volatile boolean brokenOff;
  private @Nullable StreamObserver<BodyResponse> down;

  @Override
  public StreamObserver<BodyRequest> body(StreamObserver<BodyResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(BodyRequest request) {
        take(request, observer);
      }

      @Override
      public void onError(Throwable cause) {
        brokenOff = true;
        forget();
      }

      @Override
      public void onCompleted() {
        finished = true;
        forget();
        observer.onCompleted();
      }
    };
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under this object's lock
  private synchronized void take(BodyRequest request, StreamObserver<BodyResponse> observer) {
    if (request.hasHello()) {
      hellos.add(request.getHello());
      down = observer;
      HomeWelcome.Builder welcome =
          HomeWelcome.newBuilder().setProtocolVersion(1).setReceivedThrough(receivedThrough);
      credit.ifPresent(welcome::setCreditBytes);
      observer.onNext(BodyResponse.newBuilder().setWelcome(welcome).build());
      return;
    }
    frames.addAll(request.getFrames().getFramesList());
    waits = request.getFrames().getWaits();
    idleFor = request.getFrames().getIdleFor();
    if (request.getFrames().getFramesCount() == 0) {
      beats++;
    }
    HomeFrame.Builder answer = HomeFrame.newBuilder();
    if (acknowledges && !frames.isEmpty()) {
      answer.setAckedThrough(frames.getLast().getNumber());
    }
    observer.onNext(BodyResponse.newBuilder().setFrame(answer).build());
  }

  private synchronized void forget() {
    down = null;
  }

  public synchronized boolean connected() {
    return down != null;
  }

  public synchronized void say(HomeFrame.Builder frame) {
    StreamObserver<BodyResponse> current = down;
    if (current == null) {
      throw new AssertionError("no body is connected");
    }
    current.onNext(BodyResponse.newBuilder().setFrame(frame).build());
  }

  public void run(String id, String line) {
    say(
        HomeFrame.newBuilder()
            .addCommands(
                AgentCommand.newBuilder().setCommandId(id).addArgv(line).setUseShell(true)));
  }

  /** It stops in the middle. */
  public void die() {
    end(CommonReason.UNAVAILABLE);
  }

  /** It is the wrong one. */
  public void refuse() {
    end(CommonReason.NOT_HOLDER);
  }

  private synchronized void end(CommonReason reason) {
    StreamObserver<BodyResponse> current = down;
    down = null;
    if (current != null) {
      current.onError(StatusMapper.toStatus(new MeshException(reason, "bye")));
    }
  }

  public List<Long> numbers() {
    return frames.stream().map(SessionFrame::getNumber).toList();
  }

  public Optional<CommandEnded> end(String id) {
    return frames.stream()
        .filter(SessionFrame::hasCommandEnded)
        .map(SessionFrame::getCommandEnded)
        .filter(end -> end.getCommandId().equals(id))
        .findFirst();
  }

  public String output(String id) {
    StringBuilder text = new StringBuilder();
    frames.stream()
        .filter(SessionFrame::hasCommandOutput)
        .map(SessionFrame::getCommandOutput)
        .filter(out -> out.getCommandId().equals(id))
        .forEach(out -> text.append(out.getBytes().toStringUtf8()));
    return text.toString();
  }

  public String screen() {
    StringBuilder text = new StringBuilder();
    frames.stream()
        .filter(SessionFrame::hasTerminal)
        .forEach(frame -> text.append(frame.getTerminal().toStringUtf8()));
    return text.toString();
  }
}
