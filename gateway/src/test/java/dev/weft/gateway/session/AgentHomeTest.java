package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.weft.proto.agents.v1.AgentIdle;
import dev.weft.proto.agents.v1.AgentSpec;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import dev.weft.proto.internal.agent.v1.SteerAgentRequest;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyFrames;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.Interrupted;
import dev.weft.proto.internal.session.v1.SessionStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentHomeTest extends HomeRig {

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
        new ClientLink(
            new StreamOutlet(new Heard<>()),
            AttachHello.getDefaultInstance(),
            0,
            () -> ClientLink.LEAST_WINDOW);
    home.clientGone(client);
    home.clientCame(client);
    BodyLink body =
        new BodyLink(new Heard<>(), BodyHello.newBuilder().setBody(1).build(), 0, () -> 1L << 20);
    home.bodyGone(body, false);
    home.bodyCame(body);

    assertThat(home.idle()).isTrue();
    assertThat(home.audience().isEmpty()).isTrue();
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
  void aHomeThatWasNotToldKnowsUntilWhenTheBodyStaysAsSoonAsItComes() {
    Heard<AttachResponse> client = new Heard<>();
    client(client, AttachHello.getDefaultInstance());
    BodyHello hello =
        BodyHello.newBuilder()
            .setBody(1)
            .setOldestFrame(8)
            .setMovesAt(Timestamp.newBuilder().setSeconds(1795359600L))
            .build();
    BodyLink body = new BodyLink(new Heard<>(), hello, 0, () -> 1L << 20);

    home.bodyCame(body);

    assertThat(statuses(client).getLast().getMovesAt().getSeconds()).isEqualTo(1795359600L);
    home.bodyGone(body, true);
    agent(AgentState.AGENT_STATE_RUNNING, 2);
    body(new Heard<>(), 2, 1);
    assertThat(statuses(client).getLast().hasMovesAt()).isFalse();
  }

  @Test
  void everyClientIsToldSinceWhenTheAgentIsIdleAndWhenItWillSleepAndThatSomebodyCame() {
    cell.agents.change(
        AGENT,
        it ->
            it.setSpec(
                AgentSpec.newBuilder().setIdleTimeout(Duration.newBuilder().setSeconds(60))));
    Heard<AttachResponse> client = new Heard<>();
    client(client, AttachHello.getDefaultInstance());
    BodyLink body = body(new Heard<>(), 1, 1);
    assertThat(home.audience().idleAgent()).isEmpty();

    home.frames(body, idleFor(20));

    AgentIdle idle = statuses(client).getLast().getAgent().getIdle();
    assertThat(Timestamps.between(idle.getSince(), idle.getHibernatesAt()).getSeconds())
        .isEqualTo(60);
    assertThat(home.audience().idleAgent().orElseThrow())
        .isEqualTo(IdleAgent.newBuilder().setAgentId(AGENT).setBody(1).setIdle(idle).build());
    int told = statuses(client).size();
    home.frames(body, idleFor(20));
    assertThat(statuses(client)).as("still idle").hasSize(told);

    home.frames(body, idleFor(0));

    assertThat(statuses(client).getLast().getAgent().hasIdle()).isFalse();
    home.frames(body, idleFor(20));
    home.bodyGone(body, true);
    assertThat(statuses(client).getLast().getAgent().hasIdle()).isFalse();
    assertThat(home.audience().idleAgent()).isEmpty();
  }

  private static BodyFrames idleFor(long seconds) {
    return BodyFrames.newBuilder().setIdleFor(Duration.newBuilder().setSeconds(seconds)).build();
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
}
