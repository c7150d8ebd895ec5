package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.AcceptCommandRequest;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.session.v1.AttachHello;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import dev.weft.proto.internal.session.v1.CommandSignal;
import org.junit.jupiter.api.Test;

/** What a client is told of the commands that it gave. */
class AgentReceiptsTest extends HomeRig {

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
    next.bodyCame(new BodyLink(told, hello, 0, () -> 1L << 20));
    next.bodyReady();

    assertThat(told.all.stream().flatMap(it -> it.getFrame().getCommandsList().stream()))
        .extracting(AgentCommand::getCommandId)
        .containsExactly("kept");
    assertThat(told.all).allMatch(it -> it.getFrame().getTerminalInput().isEmpty());
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
}
