package dev.weft.gateway.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.proto.agents.v1.WorkspaceSnapshot;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.CommandOutcome;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyRequest;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.CommandOutput;
import dev.weft.proto.internal.session.v1.CommandStarted;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A body as a worker is one: numbers its frames, keeps them until they are acknowledged. */
public final class FakeBody implements AutoCloseable {

  public final List<AgentCommand> commands = new CopyOnWriteArrayList<>();
  public final List<HomeFrame> told = new CopyOnWriteArrayList<>();
  private final MeshChannels channels;
  private final BodyHello hello;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final NavigableMap<Long, SessionFrame> kept = new TreeMap<>();
  private long last;
  private int dials;
  private volatile long acked;
  private volatile boolean mute;
  private volatile @Nullable Throwable ended;
  private volatile boolean welcome;
  private @Nullable ClientCallStreamObserver<BodyRequest> stream;

  public FakeBody(MeshIdentity identity, BodyHello hello) {
    this.channels = new MeshChannels(identity);
    this.hello = hello;
    clock.scheduleAtFixedRate(this::live, 500, 500, TimeUnit.MILLISECONDS);
  }

  /** Dials a home. */
  public synchronized FakeBody dial(String address, long epoch) {
    ended = null;
    welcome = false;
    int number = ++dials;
    SessionServiceGrpc.newStub(channels.open(address, "gateway"))
        .body(
            new ClientResponseObserver<BodyRequest, BodyResponse>() {
              @Override
              public void beforeStart(ClientCallStreamObserver<BodyRequest> up) {
                stream = up;
              }

              @Override
              public void onNext(BodyResponse answer) {
                heard(answer);
              }

              @Override
              public void onError(Throwable failure) {
                over(number, failure);
              }

              @Override
              public void onCompleted() {
                over(number, new IllegalStateException("completed"));
              }
            });
    long oldest = kept.isEmpty() ? last + 1 : kept.firstKey();
    stream.onNext(
        BodyRequest.newBuilder()
            .setHello(
                hello.toBuilder().setHomeEpoch(epoch).setOldestFrame(oldest).setNewestFrame(last))
            .build());
    return this;
  }

  /** The end of one that was left for another says nothing of that. */
  private synchronized void over(int number, Throwable why) {
    if (number == dials) {
      ended = why;
    }
  }

  private synchronized void heard(BodyResponse answer) {
    if (answer.hasWelcome()) {
      welcome = true;
      long through = answer.getWelcome().getReceivedThrough();
      send(new ArrayList<>(kept.tailMap(through, false).values()));
      return;
    }
    HomeFrame frame = answer.getFrame();
    acked = Math.max(acked, frame.getAckedThrough());
    kept.headMap(acked, true).clear();
    told.add(frame);
    for (AgentCommand command : frame.getCommandsList()) {
      if (commands.stream().noneMatch(it -> it.getCommandId().equals(command.getCommandId()))) {
        commands.add(command);
      }
    }
  }

  private synchronized void live() {
    if (welcome && ended == null && !mute) {
      send(List.of(), true);
    }
  }

  private void send(List<SessionFrame> frames) {
    send(frames, false);
  }

  /** Each time it says that it lives it also waits for what it has not heard to be sealed. */
  private void send(List<SessionFrame> frames, boolean waits) {
    if (stream != null && ended == null) {
      stream.onNext(
          BodyRequest.newBuilder()
              .setFrames(BodyFrames.newBuilder().addAllFrames(frames).setWaits(waits))
              .build());
    }
  }

  public synchronized long say(SessionFrame.Builder event) {
    SessionFrame frame =
        event
            .setNumber(++last)
            .setAt(Timestamp.newBuilder().setSeconds(1_800_000_000L + last))
            .build();
    kept.put(last, frame);
    if (welcome) {
      send(List.of(frame));
    }
    return last;
  }

  public long terminal(String text) {
    return say(SessionFrame.newBuilder().setTerminal(ByteString.copyFromUtf8(text)));
  }

  public long started(String id) {
    return say(
        SessionFrame.newBuilder().setCommandStarted(CommandStarted.newBuilder().setCommandId(id)));
  }

  public long output(String id, ByteString bytes) {
    return say(
        SessionFrame.newBuilder()
            .setCommandOutput(CommandOutput.newBuilder().setCommandId(id).setBytes(bytes)));
  }

  public long ended(String id, int exitCode) {
    return say(
        SessionFrame.newBuilder()
            .setCommandEnded(CommandEnded.newBuilder().setCommandId(id).setExitCode(exitCode)));
  }

  /** The workspace is stored, as a command wished it. */
  public long stored(String id, WorkspaceSnapshot snapshot) {
    return done(id, outcome -> outcome.setSnapshot(snapshot));
  }

  /** An errand went well. */
  public long done(String id, Consumer<CommandOutcome.Builder> outcome) {
    CommandEnded.Builder ended = CommandEnded.newBuilder().setCommandId(id);
    outcome.accept(ended.getOutcomeBuilder());
    return say(SessionFrame.newBuilder().setCommandEnded(ended));
  }

  /** Frames up to this one are the home's. */
  public long acked() {
    return acked;
  }

  public boolean welcome() {
    return welcome && ended == null;
  }

  /** How its stream ended; null while it has not. */
  public @Nullable Throwable ended() {
    return ended;
  }

  /** All keystrokes that came. */
  public String typed() {
    ByteString all = ByteString.EMPTY;
    for (HomeFrame frame : told) {
      all = all.concat(frame.getTerminalInput());
    }
    return all.toStringUtf8();
  }

  /** Says nothing any more, and keeps the stream. */
  public void fallSilent() {
    mute = true;
  }

  /** Loses what it has not handed over. */
  public synchronized void forget() {
    kept.clear();
  }

  /** Ends the stream well. */
  public synchronized void leave() {
    welcome = false;
    stream.onCompleted();
  }

  /** Goes away at once. */
  public synchronized void die() {
    welcome = false;
    stream.cancel("killed", null);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    channels.close();
  }
}
