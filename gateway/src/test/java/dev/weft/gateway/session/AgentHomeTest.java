package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.session.Place;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.agent.v1.OpenAgentRequest;
import dev.weft.proto.internal.agent.v1.SteerAgentRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import dev.weft.proto.internal.session.v1.CommandSignal;
import dev.weft.proto.internal.session.v1.CommandStarted;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.SessionCursor;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.SessionGap;
import dev.weft.proto.internal.session.v1.SessionStatus;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentHomeTest {

  private static final String AGENT = "agt_01k00000000000000000000000";
  private static final Problem KILLED = Problem.newBuilder().setReason("LEASE_LOST").build();

  private final CellInProcess cell = new CellInProcess();
  private final SettableTicker ticker = new SettableTicker();
  private final SessionMeter meter = new SessionMeter(new SimpleMeterRegistry());
  private final AgentHome home =
      new AgentHome(
          new HomeTerm("acme", AGENT, 1),
          cell.tools(ticker, (_, _) -> {}, meter),
          new SessionHub.Limits(4096, 1 << 20),
          () -> {});

  @BeforeEach
  void agentThatRuns() {
    cell.agents.openAgent(
        OpenAgentRequest.newBuilder().setTenant("acme").setAgentId(AGENT).build(), ignored());
    agent(AgentState.AGENT_STATE_RUNNING, 1);
    home.open();
  }

  @AfterEach
  void close() {
    cell.close();
  }

  @Test
  void commandsOfABodyThatIsKilledAreInterruptedThoughItSaysGoodbye() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);
    home.clientFrame(link, command("runs"));
    home.clientFrame(link, command("waits"));
    home.frames(body, started(1, "runs"));

    home.bodyGone(body, true);
    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));

    assertThat(interrupted(client))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getNumber()).isEqualTo(2);
              assertThat(it.getCommandIdsList()).containsExactly("runs", "waits");
            });
  }

  @Test
  void whatABodyHadNotBegunAtAPlannedEndWaitsForTheNext() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);
    home.clientFrame(link, command("waits"));

    home.bodyGone(body, true);
    agent(AgentState.AGENT_STATE_WAKING, 2);

    assertThat(interrupted(client)).isEmpty();
  }

  @Test
  void whatADeadBodyHadNotBegunIsToldThoughOnlyTheNextOnesPlannedEndIsHeardOf() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);
    home.clientFrame(link, command("waits"));

    home.bodyGone(body, true);
    cell.agents.changeUntold(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));
    cell.agents.change(AGENT, it -> it.setState(AgentState.AGENT_STATE_HIBERNATED).clearProblem());

    assertThat(interrupted(client))
        .singleElement()
        .satisfies(it -> assertThat(it.getCommandIdsList()).containsExactly("waits"));
  }

  @Test
  void whatWaitsForTheNextIsNotToldAsInterruptedWhenThatOnesDeathIsHeardOfWithIt() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);
    home.clientFrame(link, command("waits"));

    home.bodyGone(body, true);
    cell.agents.changeUntold(AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2));
    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_HIBERNATED).setProblem(KILLED));

    assertThat(interrupted(client)).isEmpty();
  }

  @Test
  void aBodyThatComesBeforeItsPredecessorsEndIsKnownWaitsForIt() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    BodyLink first = body(new Heard<>(), 1, 1);
    home.clientFrame(link, command("waits"));
    home.bodyGone(first, true);
    cell.agents.changeUntold(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_RUNNING).setBody(2).setProblem(KILLED));
    cell.stall();
    Heard<BodyResponse> told = new Heard<>();
    BodyLink second = body(told, 2, 1);
    assertThat(told.all).isEmpty();

    cell.goOn();
    home.frames(second, started(1, "next"));

    assertThat(told.all).isNotEmpty();
    assertThat(interrupted(client))
        .singleElement()
        .satisfies(it -> assertThat(it.getCommandIdsList()).containsExactly("waits"));
    assertThat(client.all).anyMatch(it -> it.getFrame().getFrame().hasCommandStarted());
  }

  @Test
  void aNewHomeKnowsWhatItsBodyWasGivenAtTheLastOne() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    home.clientFrame(link, command("silent"));
    BodyLink body = body(new Heard<>(), 1, 8);

    home.bodyGone(body, false);
    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));

    assertThat(interrupted(client))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getNumber()).isEqualTo(8);
              assertThat(it.getCommandIdsList()).containsExactly("silent");
            });
  }

  @Test
  void aCommandWithAReceiptOutlivesTheHomeAndKeysThatWaitGoWithIt() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    home.clientFrame(link, command("kept"));
    home.clientFrame(
        link,
        ClientFrame.newBuilder().setTerminalInput(ByteString.copyFromUtf8("typed\n")).build());
    assertThat(receipts(client)).hasSize(1);

    home.end(SessionRefusals.stops());
    AgentHome next =
        new AgentHome(
            new HomeTerm("acme", AGENT, 2),
            cell.tools(ticker, (_, _) -> {}, meter),
            new SessionHub.Limits(4096, 1 << 20),
            () -> {});
    next.open();
    Heard<BodyResponse> told = new Heard<>();
    BodyHello hello = BodyHello.newBuilder().setBody(1).setOldestFrame(1).build();
    next.bodyCame(new BodyLink(told, hello, 0));
    next.bodyReady();

    assertThat(told.all.stream().flatMap(it -> it.getFrame().getCommandsList().stream()))
        .extracting(AgentCommand::getCommandId)
        .containsExactly("kept");
    assertThat(told.all).allMatch(it -> it.getFrame().getTerminalInput().isEmpty());
  }

  @Test
  void aBodyThatDiesBeforeItReachesItsNewHomeIsToldAfterTheLastFrameThatAClientHas() {
    Heard<AttachResponse> client = new Heard<>();
    client(client, seen(57));

    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));

    assertThat(interrupted(client)).extracting(Interrupted::getNumber).containsExactly(58L);
  }

  @Test
  void everyCommandReachesABodyThatTookNothingForAWhile() {
    ClientLink link = client(new Heard<>(), AttachHello.getDefaultInstance());
    for (int i = 0; i < 450; i++) {
      home.clientFrame(link, command("c" + i));
    }
    Heard<BodyResponse> told = new Heard<>();
    told.ready = false;
    body(told, 1, 1);

    told.ready = true;
    home.bodyReady();

    assertThat(told.all.stream().flatMap(it -> it.getFrame().getCommandsList().stream()))
        .extracting(AgentCommand::getCommandId)
        .hasSize(450)
        .doesNotHaveDuplicates();
  }

  @Test
  void whoWentWhileItsHomeWasLookedForTakesNoPlace() {
    ClientLink client =
        new ClientLink(new StreamOutlet(new Heard<>()), AttachHello.getDefaultInstance(), 0);
    home.clientGone(client);
    home.clientCame(client);
    BodyLink body = new BodyLink(new Heard<>(), BodyHello.newBuilder().setBody(1).build(), 0);
    home.bodyGone(body, false);
    home.bodyCame(body);

    assertThat(home.idle()).isTrue();
    assertThat(home.audience().isEmpty()).isTrue();
  }

  @Test
  void whileACommandWaitsForThePlacerItsClientGoesOn() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    Heard<BodyResponse> told = new Heard<>();
    body(told, 1, 1);
    int before = client.requested;
    cell.stall();

    home.clientFrame(link, command("c1"));
    home.clientFrame(
        link, ClientFrame.newBuilder().setTerminalInput(ByteString.copyFromUtf8("k")).build());
    home.clientFrame(
        link,
        ClientFrame.newBuilder().setSignal(CommandSignal.newBuilder().setCommandId("c1")).build());

    assertThat(client.requested - before).isEqualTo(3);
    assertThat(told.all)
        .anyMatch(it -> it.getFrame().getTerminalInput().toStringUtf8().equals("k"));
    assertThat(told.all).noneMatch(it -> it.getFrame().getSignalsCount() > 0);
    cell.goOn();
    assertThat(client.all).anyMatch(AttachResponse::hasReceipt);
    assertThat(told.all).anyMatch(it -> it.getFrame().getSignalsCount() > 0);
  }

  @Test
  void aReceiptSaysTheEndThatWasToldThoughThePlacerHasNotNotedIt() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    Heard<BodyResponse> told = new Heard<>();
    BodyLink body = body(told, 1, 1);
    home.clientFrame(link, command("c"));
    cell.agents.notesRefused = true;
    home.frames(body, started(1, "c"));
    home.frames(body, ended(2, "c", 7));
    assertThat(client.all).anyMatch(it -> it.getFrame().getFrame().hasCommandEnded());
    assertThat(cell.agents.settled).isEmpty();

    home.clientFrame(link, command("c"));

    assertThat(receipts(client).getLast())
        .isEqualTo(
            CommandReceipt.newBuilder()
                .setCommandId("c")
                .setState(CommandState.COMMAND_STATE_ENDED)
                .setExisting(true)
                .setExitCode(7)
                .build());
    assertThat(told.all.stream().flatMap(it -> it.getFrame().getCommandsList().stream()))
        .hasSize(1);
  }

  @Test
  void anEndThatWasToldStaysOneWhenItsBodyIsLostBeforeItIsNoted() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);
    home.clientFrame(link, command("c"));
    cell.agents.notesRefused = true;
    home.frames(body, started(1, "c"));
    home.frames(body, ended(2, "c", 7));
    home.bodyGone(body, false);
    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));

    home.clientFrame(link, command("c"));

    assertThat(receipts(client).getLast().getState()).isEqualTo(CommandState.COMMAND_STATE_ENDED);
    assertThat(interrupted(client)).isEmpty();
  }

  @Test
  void aNewHomeGivesNoReceiptBeforeItKnowsWhatItsClientKnows() {
    cell.agents.acceptCommand(
        AcceptCommandRequest.newBuilder()
            .setTenant("acme")
            .setAgentId(AGENT)
            .setCommand(command("c").getCommand())
            .setBody(1)
            .build(),
        ignored());
    cell.agents.notesRefused = true;
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, seen(2));

    home.clientFrame(link, command("c"));
    assertThat(receipts(client)).isEmpty();
    BodyLink body = body(new Heard<>(), 1, 2);
    assertThat(receipts(client)).isEmpty();
    home.frames(body, ended(2, "c", 7));

    assertThat(receipts(client))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getState()).isEqualTo(CommandState.COMMAND_STATE_ENDED);
              assertThat(it.getExitCode()).isEqualTo(7);
            });
  }

  @Test
  void aNewHomeWhoseBodyHasHandedOverAllThatItsClientKnowsGivesReceiptsAtOnce() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, seen(57));
    home.clientFrame(link, command("c"));
    body(new Heard<>(), 1, 58);

    home.clientFrame(link, command("c"));

    assertThat(receipts(client))
        .extracting(CommandReceipt::getState)
        .containsExactly(CommandState.COMMAND_STATE_QUEUED, CommandState.COMMAND_STATE_GIVEN);
  }

  @Test
  void aReceiptThatWaitsForABodyComesWhenTheBodyIsOver() {
    cell.agents.acceptCommand(
        AcceptCommandRequest.newBuilder()
            .setTenant("acme")
            .setAgentId(AGENT)
            .setCommand(command("c").getCommand())
            .setBody(1)
            .build(),
        ignored());
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, seen(2));
    home.clientFrame(link, command("c"));
    assertThat(receipts(client)).isEmpty();
    cell.agents.interrupt(AGENT);

    agent(AgentState.AGENT_STATE_WAKING, 2);

    assertThat(receipts(client))
        .extracting(CommandReceipt::getState)
        .containsExactly(CommandState.COMMAND_STATE_INTERRUPTED);
  }

  @Test
  void noMoreThanSoManyCommandsOfAClientWaitForThePlacer() {
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, AttachHello.getDefaultInstance());
    int before = client.requested;
    cell.stall();

    for (int i = 0; i < 32; i++) {
      home.clientFrame(link, command("c" + i));
    }

    assertThat(client.requested - before).isEqualTo(31);
    cell.goOn();
    assertThat(client.requested - before).isEqualTo(32);
    assertThat(
            client.all.stream()
                .filter(AttachResponse::hasReceipt)
                .map(it -> it.getReceipt().getCommandId()))
        .hasSize(32)
        .startsWith("c0", "c1")
        .endsWith("c31");
  }

  @Test
  void onlyTheTerminalNeedsTheWritersPlace() {
    client(new Heard<>(), AttachHello.getDefaultInstance());
    Heard<AttachResponse> second = new Heard<>();
    ClientLink other = client(second, AttachHello.getDefaultInstance());
    Heard<AttachResponse> third = new Heard<>();
    ClientLink viewer = client(third, AttachHello.newBuilder().setViewer(true).build());

    home.clientFrame(other, command("mine"));
    home.clientFrame(
        other, ClientFrame.newBuilder().setTerminalInput(ByteString.copyFromUtf8("k")).build());
    home.clientFrame(viewer, command("no"));

    assertThat(second.all).anyMatch(AttachResponse::hasReceipt);
    assertThat(reasons(second)).containsExactly("NOT_WRITER");
    assertThat(third.all).noneMatch(AttachResponse::hasReceipt);
    assertThat(reasons(third)).containsExactly("NOT_WRITER");
  }

  @Test
  void whoComesWhileTheAgentIsAboutToSleepWakesIt() {
    agent(AgentState.AGENT_STATE_HIBERNATING, 1);

    ClientLink link = client(new Heard<>(), AttachHello.newBuilder().setPrincipal("ada").build());
    assertThat(cell.agents.steered)
        .extracting(SteerAgentRequest::getPrincipal)
        .containsExactly("ada");

    agent(AgentState.AGENT_STATE_HIBERNATED, 1);
    home.clientFrame(
        link, ClientFrame.newBuilder().setTerminalInput(ByteString.copyFromUtf8("k")).build());
    assertThat(cell.agents.steered).hasSize(2);
  }

  @Test
  void aHomeOfAnAgentThatSleepsIsLetGoWhenNobodyHasBeenThereForLong() {
    ClientLink link = client(new Heard<>(), AttachHello.getDefaultInstance());
    agent(AgentState.AGENT_STATE_HIBERNATED, 1);
    ticker.advance(SessionHub.REST);
    assertThat(home.rests(ticker.nanos(), SessionHub.REST)).isFalse();

    home.clientGone(link);
    assertThat(home.rests(ticker.nanos(), SessionHub.REST)).isFalse();
    ticker.advance(SessionHub.REST);
    assertThat(home.rests(ticker.nanos(), SessionHub.REST)).isTrue();
  }

  @Test
  void theBytesOfAHomeThatEndedAreGivenBackOnce() {
    BodyLink body = body(new Heard<>(), 1, 1);
    home.frames(body, started(1, "c"));
    assertThat(meter.ringBytes()).isPositive();

    home.end(SessionRefusals.stops());
    home.shrink(0);

    assertThat(meter.ringBytes()).isZero();
  }

  @Test
  void everyClientIsToldUntilWhenABodyStaysThatMovesAndNothingOfItOfTheNext() {
    Heard<AttachResponse> first = new Heard<>();
    client(first, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);

    home.frames(body, moves(1, "2026-11-22T15:00:00.250Z"));

    Heard<AttachResponse> late = new Heard<>();
    client(late, AttachHello.getDefaultInstance());
    for (Heard<AttachResponse> each : List.of(first, late)) {
      SessionStatus status = statuses(each).getLast();
      assertThat(status.getMovesAt().getSeconds()).isEqualTo(1795359600L);
      assertThat(status.getMovesAt().getNanos()).isEqualTo(250_000_000);
    }
    home.bodyGone(body, true);
    assertThat(statuses(late).getLast().hasMovesAt()).isFalse();
    agent(AgentState.AGENT_STATE_RUNNING, 2);
    body(new Heard<>(), 2, 1);
    assertThat(statuses(late).getLast().getConnected()).isTrue();
    assertThat(statuses(late).getLast().hasMovesAt()).isFalse();
  }

  @Test
  void aMoveWithoutATimeIsANoticeAndNothingMore() {
    Heard<AttachResponse> client = new Heard<>();
    client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);

    home.frames(body, moves(1, "soon"));

    assertThat(statuses(client)).noneMatch(SessionStatus::hasMovesAt);
    assertThat(client.all).anyMatch(it -> it.getFrame().getFrame().hasNotice());
  }

  @Test
  void aCursorToWhichTheSessionHasNotComeIsToldAndWhatComesThenIsHeard() {
    BodyLink body = body(0);
    home.frames(body, started(1, "a"));
    home.frames(body, ended(2, "a", 0));
    Heard<AttachResponse> client = new Heard<>();
    ClientLink link = client(client, seen(99));

    home.frames(body, started(3, "b"));
    home.clientFrame(link, command("b"));

    assertThat(gaps(client))
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.getReason()).isEqualTo("CURSOR_UNKNOWN");
              assertThat(gap.getAfter().getNumber()).isEqualTo(99);
              assertThat(Cursors.place(gap.getUntil())).isEqualTo(new Place(1, 3));
              assertThat(gap.getProblem().getReason()).isEqualTo("CURSOR_INVALID");
              assertThat(gap.getProblem().getMessage())
                  .isEqualTo("cursor: 1.99 (expected: at most 1.2, where this session is)");
            });
    assertThat(numbers(client)).containsExactly(3L);
    // Its word does not count for what it has been told.
    assertThat(receipts(client)).hasSize(1);
    home.bodyGone(body, true);
    cell.agents.change(
        AGENT, it -> it.setState(AgentState.AGENT_STATE_WAKING).setBody(2).setProblem(KILLED));
    assertThat(interrupted(client)).singleElement().matches(it -> it.getNumber() == 4);
  }

  @Test
  void whoNamesSuchACursorBeforeTheBodyIsThereIsToldWhenItComes() {
    Heard<AttachResponse> beyond = new Heard<>();
    client(beyond, seen(4));
    Heard<AttachResponse> right = new Heard<>();
    client(right, seen(3));
    assertThat(gaps(beyond)).isEmpty();

    BodyLink body = body(3);
    for (int number = 1; number <= 4; number++) {
      home.frames(body, started(number, "c" + number));
    }

    assertThat(gaps(beyond)).hasSize(1);
    assertThat(gaps(right)).isEmpty();
    assertThat(numbers(right)).containsExactly(4L);
  }

  /** One that has made so many frames, and has all of them. */
  private BodyLink body(long newestFrame) {
    BodyHello hello =
        BodyHello.newBuilder().setBody(1).setOldestFrame(1).setNewestFrame(newestFrame).build();
    BodyLink link = new BodyLink(new Heard<>(), hello, 0);
    home.bodyCame(link);
    return link;
  }

  @Test
  void aBodyOfWhichTheAgentIsNotKnownYetIsNoneThatIsToCome() {
    agent(AgentState.AGENT_STATE_WAKING, 1);
    BodyLink body = body(new Heard<>(), 2, 1);
    home.frames(body, started(1, "a"));
    Heard<AttachResponse> client = new Heard<>();

    client(
        client,
        AttachHello.newBuilder()
            .setCursor(SessionCursor.newBuilder().setBody(2).setNumber(1))
            .build());

    assertThat(gaps(client)).isEmpty();
  }

  private static List<SessionGap> gaps(Heard<AttachResponse> client) {
    return client.all.stream().filter(AttachResponse::hasGap).map(AttachResponse::getGap).toList();
  }

  private static List<Long> numbers(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(it -> it.getFrame().hasFrame())
        .map(it -> it.getFrame().getFrame().getNumber())
        .toList();
  }

  private static BodyFrames moves(long number, String until) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                .setNotice(
                    Problem.newBuilder().setReason("BODY_MOVES").putMetadata("until", until)))
        .build();
  }

  private static List<SessionStatus> statuses(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(AttachResponse::hasStatus)
        .map(AttachResponse::getStatus)
        .toList();
  }

  private void agent(AgentState state, int body) {
    cell.agents.change(AGENT, it -> it.setState(state).setBody(body));
  }

  private ClientLink client(Heard<AttachResponse> heard, AttachHello hello) {
    ClientLink link = new ClientLink(new StreamOutlet(heard), hello, 0);
    home.clientCame(link);
    return link;
  }

  private BodyLink body(Heard<BodyResponse> told, int body, long oldestFrame) {
    BodyLink link =
        new BodyLink(
            told, BodyHello.newBuilder().setBody(body).setOldestFrame(oldestFrame).build(), 0);
    home.bodyCame(link);
    return link;
  }

  private static AttachHello seen(long number) {
    return AttachHello.newBuilder()
        .setCursor(SessionCursor.newBuilder().setBody(1).setNumber(number))
        .build();
  }

  private static ClientFrame command(String id) {
    return ClientFrame.newBuilder().setCommand(AgentCommand.newBuilder().setCommandId(id)).build();
  }

  private static BodyFrames started(long number, String id) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                .setCommandStarted(CommandStarted.newBuilder().setCommandId(id)))
        .build();
  }

  private static BodyFrames ended(long number, String id, int exitCode) {
    return BodyFrames.newBuilder()
        .addFrames(
            SessionFrame.newBuilder()
                .setNumber(number)
                .setAt(com.google.protobuf.Timestamp.newBuilder().setSeconds(1))
                .setCommandEnded(CommandEnded.newBuilder().setCommandId(id).setExitCode(exitCode)))
        .build();
  }

  private static List<CommandReceipt> receipts(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(AttachResponse::hasReceipt)
        .map(AttachResponse::getReceipt)
        .toList();
  }

  private static List<Interrupted> interrupted(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(it -> it.getFrame().hasInterrupted())
        .map(it -> it.getFrame().getInterrupted())
        .toList();
  }

  private static List<String> reasons(Heard<AttachResponse> client) {
    return client.all.stream()
        .filter(AttachResponse::hasProblem)
        .map(it -> it.getProblem().getReason())
        .toList();
  }

  private static <T> StreamObserver<T> ignored() {
    return new Heard<>();
  }
}
