package dev.weft.gateway.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.CommandSignal;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.HomeWelcome;
import dev.weft.proto.internal.session.v1.TerminalSize;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one body at its home. What goes down waits here, bounded, and leaves as one message
 * when the body takes it. Guarded by its home's lock.
 */
final class BodyLink {

  static final int VERSION = 1;

  private static final long SEND_NANOS = TimeUnit.MILLISECONDS.toNanos(800);
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int MOST_COMMANDS = 200;
  private static final int MOST_SIGNALS = 64;
  private static final int COMMANDS_AT_ONCE = 32;

  /** What it may send before anything was taken: many may come at once. */
  private static final long FIRST_WINDOW = 16 << 10;

  private final ServerCallStreamObserver<BodyResponse> observer;
  private final BodyHello hello;
  private final LongSupplier window;
  private final Deque<AgentCommand> commands = new ArrayDeque<>();
  private final Set<String> given = new HashSet<>();
  private final Deque<CommandSignal> signals = new ArrayDeque<>();
  private @Nullable TerminalSize size;
  private boolean hibernate;
  private boolean hibernateSent;
  private long acked;
  private long ackedSent;
  private long heardAt;
  private long sentAt;
  private int owed;
  private boolean over;

  /** Bytes of frames on this stream: dealt with, allowed, and allowed as the body was told. */
  private long taken;

  private long credit;
  private long creditSent;

  /**
   * @param window how many bytes it may send beyond what was dealt with, now
   */
  BodyLink(
      ServerCallStreamObserver<BodyResponse> observer,
      BodyHello hello,
      long now,
      LongSupplier window) {
    this.observer = observer;
    this.hello = hello;
    this.window = window;
    this.heardAt = now;
    this.sentAt = now;
  }

  int body() {
    return hello.getBody();
  }

  long oldestFrame() {
    return hello.getOldestFrame();
  }

  /** The last frame that it had made when its stream began; empty if it does not say. */
  OptionalLong newestFrame() {
    return hello.hasNewestFrame() ? OptionalLong.of(hello.getNewestFrame()) : OptionalLong.empty();
  }

  /** Until when what runs in it may end, if it was to leave its worker when its stream began. */
  Optional<Timestamp> movesAt() {
    return hello.hasMovesAt() ? Optional.of(hello.getMovesAt()) : Optional.empty();
  }

  /** Frames up to this one are here, which does not mean that they are sealed. */
  void welcome(long receivedThrough) {
    credit = Math.min(window.getAsLong(), FIRST_WINDOW);
    creditSent = credit;
    observer.onNext(
        BodyResponse.newBuilder()
            .setWelcome(
                HomeWelcome.newBuilder()
                    .setProtocolVersion(VERSION)
                    .setReceivedThrough(receivedThrough)
                    .setCreditBytes(credit))
            .build());
  }

  void ack(long through) {
    acked = Math.max(acked, through);
  }

  /** Says it once. False if too many wait: the placer keeps it, and is to be asked again. */
  boolean command(AgentCommand command) {
    if (given.contains(command.getCommandId())) {
      return true;
    }
    if (commands.size() >= MOST_COMMANDS) {
      return false;
    }
    given.add(command.getCommandId());
    return commands.add(command);
  }

  /** It has ended: its id need not be known any more. */
  void commandEnded(String commandId) {
    given.remove(commandId);
  }

  /** Whether commands wait for the body to take them. */
  boolean commandsWait() {
    return !commands.isEmpty();
  }

  boolean signal(CommandSignal signal) {
    return signals.size() < MOST_SIGNALS && signals.add(signal);
  }

  void size(TerminalSize value) {
    size = value;
  }

  void hibernate() {
    hibernate = true;
  }

  boolean ready() {
    return !over && observer.isReady();
  }

  /**
   * Sends what waits, if the body takes it.
   *
   * @param input keystrokes that go with it
   * @return whether they went
   */
  boolean flush(ByteString input, long now) {
    if (!ready()) {
      return false;
    }
    if (!input.isEmpty() || hasNews()) {
      send(input, now);
    }
    while (!commands.isEmpty() && ready()) {
      send(ByteString.EMPTY, now);
    }
    return !input.isEmpty();
  }

  private boolean hasNews() {
    return acked > ackedSent
        || !commands.isEmpty()
        || !signals.isEmpty()
        || size != null
        || hibernate != hibernateSent
        || (credit - creditSent) * 2 >= window.getAsLong();
  }

  private void send(ByteString input, long now) {
    HomeFrame.Builder frame =
        HomeFrame.newBuilder()
            .setAckedThrough(acked)
            .setTerminalInput(input)
            .setCreditBytes(credit)
            .setHibernate(hibernate);
    for (int i = 0; i < COMMANDS_AT_ONCE && !commands.isEmpty(); i++) {
      frame.addCommands(commands.removeFirst());
    }
    frame.addAllSignals(signals);
    signals.clear();
    if (size != null) {
      frame.setTerminalSize(size);
      size = null;
    }
    ackedSent = acked;
    creditSent = credit;
    hibernateSent = hibernate;
    sentAt = now;
    observer.onNext(BodyResponse.newBuilder().setFrame(frame).build());
  }

  void heard(long now) {
    heardAt = now;
  }

  /** A message of so many bytes is dealt with. */
  void took(long bytes) {
    taken += bytes;
  }

  /** Nothing beyond the first window before anything of that has come. */
  private void grant() {
    if (taken > 0) {
      credit = Math.max(credit, taken + window.getAsLong());
    }
  }

  /** Says that the home lives. */
  void tick(long now) {
    if (ready() && now - sentAt >= SEND_NANOS) {
      send(ByteString.EMPTY, now);
    }
  }

  boolean over() {
    return over;
  }

  /** Whether it has said nothing for too long, though it was asked to. */
  boolean silent(long now) {
    return owed == 0 && now - heardAt >= SILENCE_NANOS;
  }

  /** One more message may come, now or when the placer has noted what it is to note. */
  void requestNext(boolean now) {
    if (over) {
      return;
    }
    if (now) {
      grant();
      observer.request(1);
    } else {
      owed++;
    }
  }

  void requestOwed(long now) {
    if (!over && owed > 0) {
      heardAt = now;
      grant();
      observer.request(owed);
      owed = 0;
    }
  }

  void end(Throwable why) {
    if (!over) {
      over = true;
      observer.onError(StatusMapper.toStatus(why));
    }
  }

  /** The body has ended the stream. */
  void ended(boolean goodbye) {
    if (!over) {
      over = true;
      if (goodbye) {
        observer.onCompleted();
      }
    }
  }
}
