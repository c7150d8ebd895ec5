package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.FakeFailureLimiter;
import dev.weft.gateway.app.FakeJoinStore;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.forward.LeaseCheck;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.ReadProgress;
import dev.weft.proto.internal.session.v1.SessionFrame;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a line to a home does, whichever process the home is in. */
abstract class HomeLineContract {

  static final String AGENT = "agt_01k00000000000000000000000";
  static final String HERE = "here:1";
  private static final int FRAME = 8 * 1024;
  private static final int FRAMES = 100;

  final CellInProcess cell = new CellInProcess();
  final SettableTicker ticker = new SettableTicker();
  final SessionHub hub =
      new SessionHub(
          cell.tools(ticker),
          new JoinDesk(
              new FakeJoinStore(),
              new FakeFailureLimiter(1),
              (_, _) -> {
                throw new IllegalStateException("no worker joins");
              },
              new IdGenerator(0, InstantSource.system(), new Random(1)),
              InstantSource.system()),
          new LeaseCheck(cell),
          () -> HERE,
          new SessionHub.Limits(1 << 20, 4 << 20),
          CellInProcess.SHARES);
  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final Heard<BodyResponse> body = new Heard<>();
  private final Told told = new Told();

  @SuppressWarnings("NullAway.Init") // made before each test
  private BodyLink bodyLink;

  @SuppressWarnings("NullAway.Init")
  private AgentHome home;

  private long frames;

  /** The lines that are tried. */
  abstract HomeLines lines(SessionHub to, Ticker time, Executor turn);

  @BeforeEach
  void agentThatRunsHere() {
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), new Heard<>());
    cell.agents.move(AGENT, HERE);
    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(1));
    home = hub.forClient(hello()).toCompletableFuture().join();
    bodyLink =
        new BodyLink(
            body, BodyHello.newBuilder().setBody(1).setOldestFrame(1).build(), 0, () -> 1L << 20);
    home.bodyCame(bodyLink);
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void theStatusComesFirstThenEveryFrameInItsOrder() {
    says("a");
    line();

    says("b");
    settle();

    assertThat(told.steps.getFirst().hasStatus()).isTrue();
    assertThat(told.numbers()).containsExactly(1L, 2L);
  }

  @Test
  void aHomeOfAnotherEpochIsRefused() {
    HomeLine line = lines(hub, ticker, turns::addLast).to(HERE, told);

    line.start(hello().toBuilder().setHomeEpoch(hello().getHomeEpoch() + 1).build());
    settle();

    assertThat(told.reason()).isEqualTo("STALE_HOME");
    assertThat(told.steps).isEmpty();
  }

  @Test
  void aHomeThatMovesAwayEndsTheLine() {
    line();

    cell.agents.move(AGENT, "there:1");
    settle();

    assertThat(told.reason()).isEqualTo("STALE_HOME");
  }

  @Test
  void aGatewayThatStopsEndsTheLine() {
    line();

    hub.stop();
    settle();

    assertThat(told.reason()).isEqualTo("GATEWAY_STOPS");
  }

  @Test
  void aLineIsClosedWellWhenTheAgentIsOverAndAllIsTold() {
    line();
    says("last");
    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_TERMINATED));

    home.bodyGone(bodyLink, true);
    settle();

    assertThat(told.isClosedWell()).isTrue();
    assertThat(told.numbers()).contains(1L);
  }

  @Test
  void whoReadsNothingIsSentTheWindowAndNoMore() {
    line();

    sayMuch();
    settle();

    assertThat(told.bytes())
        .isBetween(ClientLink.MOST_WINDOW - FRAME, ClientLink.MOST_WINDOW + 2L * FRAME);
  }

  @Test
  void whoReadsIsSentTheRestInItsOrder() {
    HomeLine line = line();
    sayMuch();
    settle();

    long before = -1;
    while (told.bytes() > before) {
      before = told.bytes();
      line.send(
          AttachRequest.newBuilder().setRead(ReadProgress.newBuilder().setBytes(before)).build());
      settle();
    }

    assertThat(told.numbers()).hasSize(FRAMES).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void keysArriveInTheirOrder() {
    HomeLine line = line();

    for (char key = 'a'; key <= 'z'; key++) {
      line.send(typed(String.valueOf(key)));
    }
    settle();

    assertThat(keys()).isEqualTo("abcdefghijklmnopqrstuvwxyz");
    assertThat(line.isReady()).isTrue();
  }

  @Test
  void aBodyThatTakesNothingHoldsTheLine() {
    HomeLine line = line();
    body.ready = false;

    line.send(typed("a"));
    line.send(typed("b"));
    settle();

    assertThat(line.isReady()).isFalse();
    assertThat(keys()).isEmpty();
  }

  @Test
  void whatALineHeldArrivesWhenTheBodyTakesItAndItsListenerIsTold() {
    HomeLine line = line();
    body.ready = false;
    line.send(typed("a"));
    line.send(typed("b"));
    assertThat(line.isReady()).isFalse();
    settle();
    int before = told.ready;

    body.ready = true;
    home.bodyReady();
    settle();

    assertThat(keys()).isEqualTo("ab");
    assertThat(told.ready).isGreaterThan(before);
    assertThat(line.isReady()).isTrue();
  }

  @Test
  void whoCancelsIsNotThereAnyMore() {
    HomeLine line = line();
    home.bodyGone(bodyLink, false);

    line.cancel("gone");
    settle();

    assertThat(home.idle()).isTrue();
  }

  HomeLine line() {
    HomeLine line = lines(hub, ticker, turns::addLast).to(HERE, told);
    line.start(hello());
    settle();
    return line;
  }

  AttachHello hello() {
    return AttachHello.newBuilder()
        .setTenant("acme")
        .setAgentId(AGENT)
        .setPrincipal("ada")
        .setHomeEpoch(cell.agents.home(AGENT).getEpoch())
        .build();
  }

  /** The client's thread does what waits for it. */
  private void settle() {
    while (!turns.isEmpty()) {
      turns.removeFirst().run();
    }
  }

  void says(String text) {
    frames++;
    home.frames(
        bodyLink,
        BodyFrames.newBuilder()
            .addFrames(
                SessionFrame.newBuilder()
                    .setNumber(frames)
                    .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                    .setTerminal(ByteString.copyFromUtf8(text)))
            .build());
  }

  private void sayMuch() {
    for (int i = 0; i < FRAMES; i++) {
      says("x".repeat(FRAME));
    }
  }

  static AttachRequest typed(String keys) {
    return AttachRequest.newBuilder()
        .setFrame(ClientFrame.newBuilder().setTerminalInput(ByteString.copyFromUtf8(keys)))
        .build();
  }

  String keys() {
    StringBuilder all = new StringBuilder();
    body.all.forEach(it -> all.append(it.getFrame().getTerminalInput().toStringUtf8()));
    return all.toString();
  }

  /** What a client was told. */
  static final class Told implements HomeLine.Listener {

    final List<AttachResponse> steps = new ArrayList<>();
    int ready;
    private @Nullable Status status;
    private @Nullable Metadata trailers;

    @Override
    public void next(AttachResponse step) {
      steps.add(step);
    }

    @Override
    public void ready() {
      ready++;
    }

    @Override
    public void closed(Status how, Metadata with) {
      status = how;
      trailers = with;
    }

    List<Long> numbers() {
      return steps.stream()
          .filter(AttachResponse::hasFrame)
          .map(it -> it.getFrame().getFrame().getNumber())
          .toList();
    }

    long bytes() {
      return steps.stream().mapToLong(AttachResponse::getSerializedSize).sum();
    }

    boolean isClosedWell() {
      return status != null && status.isOk();
    }

    String reason() {
      Status how = Objects.requireNonNull(status, "it is closed");
      return StatusMapper.fromStatus(how.asRuntimeException(trailers)).reason();
    }
  }
}
