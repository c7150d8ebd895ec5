package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.artifact.v1.FramePlace;
import dev.weft.proto.internal.artifact.v1.OpenFramesRequest;
import dev.weft.proto.internal.artifact.v1.SealFramesRequest;
import dev.weft.proto.internal.artifact.v1.SealedFrame;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.CommandStarted;
import dev.weft.proto.internal.session.v1.NumberedFrame;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BeginningTest {

  private static final String SOURCE = "agt_01k00000000000000000000000";
  private static final String FORK = "agt_01k00000000000000000000001";
  private static final long FORKED_AT = 1_000;

  private final CellInProcess cell = new CellInProcess();
  private final SettableTicker ticker = new SettableTicker();
  private final List<Runnable> later = new ArrayList<>();

  @BeforeEach
  void sourceThatShowedSomething() {
    cell.frames.openFrames(
        OpenFramesRequest.newBuilder().setTenant("acme").setAgentId(SOURCE).setHomeEpoch(1).build(),
        new Heard<>());
    sealed(1, FORKED_AT - 9, "old ");
    sealed(2, FORKED_AT - 8, "");
    sealed(3, FORKED_AT, "last");
    sealed(4, FORKED_AT + 1, "after");
    agent(FORK, SOURCE);
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void aForkBeginsWithWhatItsSourceShowedBeforeTheFork() {
    AgentHome home = made(1);
    home.open();
    pass();

    assertThat(home.beginning().known().toCompletableFuture()).isCompleted();
    home.frames(body(home), frames(1, "$ "));
    String seen = shown(home);
    assertThat(seen).startsWith("old last").endsWith("\r\n$ ").doesNotContain("after");
  }

  @Test
  void nobodyComesInBeforeThatIsThere() {
    cell.frames.away(true);
    AgentHome home = made(1);
    home.open();

    assertThat(home.beginning().known().toCompletableFuture()).isNotDone();
  }

  @Test
  void whileTheLogIsAwayAForkBeginsWithNothingAndNothingIsPutInLater() {
    cell.frames.away(true);
    AgentHome home = made(1);
    home.open();
    ticker.advance(Beginning.PATIENCE);
    pass();
    pass();
    assertThat(home.beginning().known().toCompletableFuture()).isCompleted();
    home.frames(body(home), frames(1, "$ "));

    cell.frames.away(false);
    pass();

    assertThat(shown(home)).isEqualTo("$ ");
  }

  @Test
  void theNextHomeFindsItInTheForksOwnLog() {
    AgentHome first = made(1);
    first.open();
    pass();
    synchronized (first) {
      first.frames().sealing().press();
    }
    String seen = shown(first);
    int sealed = cell.frames.count(FORK);
    first.end(SessionRefusals.stops());
    sealed(5, FORKED_AT - 1, "not again");

    AgentHome next = made(2);
    next.open();
    pass();

    assertThat(next.beginning().known().toCompletableFuture()).isCompleted();
    assertThat(shown(next)).isEqualTo(seen);
    assertThat(cell.frames.count(FORK)).isEqualTo(sealed);
  }

  @Test
  void anAgentThatIsNoForkWaitsForNothing() {
    cell.frames.away(true);
    agent(FORK, "");
    AgentHome home = made(1);

    home.open();

    assertThat(home.beginning().known().toCompletableFuture()).isCompleted();
  }

  private void agent(String id, String source) {
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(id).build(), new Heard<>());
    cell.agents.change(
        id,
        it ->
            it.setState(AgentState.AGENT_STATE_RUNNING)
                .setBody(1)
                .setForkedFrom(source)
                .setCreatedAt(Timestamp.newBuilder().setSeconds(FORKED_AT)));
  }

  /** A frame of the source: of the terminal, or another. */
  private void sealed(long number, long at, String terminal) {
    SessionFrame.Builder frame =
        SessionFrame.newBuilder().setNumber(number).setAt(Timestamp.newBuilder().setSeconds(at));
    if (terminal.isEmpty()) {
      frame.setCommandStarted(CommandStarted.newBuilder().setCommandId("c"));
    } else {
      frame.setTerminal(ByteString.copyFromUtf8(terminal));
    }
    cell.frames.sealFrames(
        SealFramesRequest.newBuilder()
            .setTenant("acme")
            .setAgentId(SOURCE)
            .setHomeEpoch(1)
            .addFrames(
                SealedFrame.newBuilder()
                    .setPlace(FramePlace.newBuilder().setBody(1).setNumber(number))
                    .setFrame(
                        NumberedFrame.newBuilder()
                            .setBody(1)
                            .setFrame(frame)
                            .build()
                            .toByteString()))
            .build(),
        new Heard<>());
  }

  private AgentHome made(long epoch) {
    SessionMeter meter = new SessionMeter(new SimpleMeterRegistry());
    HomeTools tools = cell.tools(ticker, (_, action) -> later.add(action), meter);
    return new AgentHome(
        new HomeTerm("acme", FORK, epoch),
        tools,
        new SessionHub.Limits(64 << 10, 1 << 20),
        () -> {});
  }

  private void pass() {
    List<Runnable> due = List.copyOf(later);
    later.clear();
    due.forEach(Runnable::run);
  }

  private BodyLink body(AgentHome home) {
    BodyLink link =
        new BodyLink(
            new Heard<>(),
            BodyHello.newBuilder().setBody(1).setOldestFrame(1).build(),
            ticker.nanos(),
            () -> 1L << 20);
    home.bodyCame(link);
    return link;
  }

  private static BodyFrames frames(long number, String terminal) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setTerminal(ByteString.copyFromUtf8(terminal)))
        .build();
  }

  /** What a client sees who reads all of the session. */
  private String shown(AgentHome home) {
    Heard<AttachResponse> heard = new Heard<>();
    home.clientCame(
        new ClientLink(
            new StreamOutlet(heard),
            AttachHello.newBuilder()
                .setViewer(true)
                .setCursor(SessionCursor.getDefaultInstance())
                .build(),
            ticker.nanos(),
            () -> ClientLink.LEAST_WINDOW));
    assertThat(heard.all).noneMatch(AttachResponse::hasGap);
    return heard.all.stream()
        .map(it -> it.getFrame().getFrame().getTerminal().toStringUtf8())
        .collect(Collectors.joining());
  }
}
