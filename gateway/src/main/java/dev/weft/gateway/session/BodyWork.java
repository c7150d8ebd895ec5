package dev.weft.gateway.session;

import com.google.protobuf.ByteString;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandSignal;
import dev.weft.proto.internal.session.v1.TerminalSize;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients want of an agent's body, on its way there: commands by way of the placer, which
 * stores them first; keystrokes, signals and the terminal's size directly. Guarded by its home's
 * lock.
 */
final class BodyWork {

  /** Keystrokes that wait for a body. */
  static final int MOST_INPUT = 64 * 1024;

  private final AgentHome home;
  private final BodySeat seat;
  private final HomeTools tools;
  private final CommandIntake intake;
  private final CommandFetch fetch;
  private final List<ClientLink> held = new ArrayList<>();
  private ByteString input = ByteString.EMPTY;
  private @Nullable TerminalSize size;
  private boolean waking;
  private String wakeFor = "";

  BodyWork(AgentHome home, BodySeat seat, HomeTools tools) {
    this.home = home;
    this.seat = seat;
    this.tools = tools;
    this.intake = new CommandIntake(home, this, tools.cell(), seat.history());
    this.fetch = new CommandFetch(home, seat, tools.cell());
  }

  // ---- from clients

  /** What a client says; another message is asked of it when this one is dealt with. */
  void accept(ClientLink client, ClientFrame frame) {
    if (frame.getAskStatus()) {
      client.statusDue();
    }
    if (frame.getTakeOver()) {
      takeOver(client);
    }
    if (mayNot(client, frame)) {
      String about =
          frame.hasCommand() ? frame.getCommand().getCommandId() : frame.getSignal().getCommandId();
      client.problem(SessionRefusals.notWriter(), about);
      dealtWith(client);
      return;
    }
    boolean later = intake.takes(client, frame);
    direct(client, frame, !later && frame.hasSignal());
    if (!later || intake.add(client, frame)) {
      dealtWith(client);
    }
  }

  /** One writes to the terminal; commands, which have names, may come from all who don't watch. */
  private boolean mayNot(ClientLink client, ClientFrame frame) {
    boolean terminal = frame.hasTerminalSize() || !frame.getTerminalInput().isEmpty();
    boolean commands = frame.hasCommand() || frame.hasSignal();
    return (terminal && !home.audience().writes(client))
        || (commands && client.hello().getViewer());
  }

  private void takeOver(ClientLink client) {
    if (home.audience().takeOver(client)) {
      wake(client.hello().getPrincipal());
    } else {
      client.problem(SessionRefusals.notWriter(), "");
    }
  }

  private void direct(ClientLink client, ClientFrame frame, boolean signals) {
    @Nullable BodyLink link = seat.link();
    if (frame.hasTerminalSize()) {
      size = frame.getTerminalSize();
      if (link != null) {
        link.size(size);
      }
    }
    if (signals) {
      signal(client, frame.getSignal());
    }
    if (!frame.getTerminalInput().isEmpty()) {
      type(client, frame.getTerminalInput(), link);
    }
    seat.flush();
  }

  void signal(ClientLink client, CommandSignal signal) {
    @Nullable BodyLink link = seat.link();
    String about = signal.getCommandId();
    if (link == null) {
      client.problem(SessionRefusals.noBody("signal"), about);
    } else if (!link.signal(signal)) {
      client.problem(SessionRefusals.inputFull("signal"), about);
    }
    seat.flush();
  }

  private void type(ClientLink client, ByteString keys, @Nullable BodyLink link) {
    if (input.size() + (long) keys.size() > MOST_INPUT && (link == null || !input.isEmpty())) {
      client.problem(SessionRefusals.inputFull("input"), "");
      return;
    }
    input = input.concat(keys);
    if (link == null) {
      wakeFor = client.hello().getPrincipal();
      wake(wakeFor);
    }
  }

  /** Asks for more, or waits until the body has taken what there is. */
  void dealtWith(ClientLink client) {
    if (seat.link() != null && !input.isEmpty()) {
      held.add(client);
    } else {
      client.requestNext();
    }
    home.audience().drain(client);
  }

  /** The body that a command can be given to at once; 0 is none. */
  int present() {
    @Nullable BodyLink link = seat.link();
    return link != null && fetch.serves(link) ? link.body() : 0;
  }

  /** The placer has a command: on to the body with it if it is one for it. */
  void stored(AgentCommand command, AcceptCommandResponse answer) {
    boolean isGiven = answer.getState() == CommandState.COMMAND_STATE_GIVEN;
    if (isGiven) {
      seat.history().given(answer.getBody(), command.getCommandId());
    }
    @Nullable BodyLink link = seat.link();
    if (link == null) {
      return;
    }
    boolean given = isGiven && answer.getBody() == link.body();
    if (given && !answer.getExisting() && fetch.serves(link)) {
      fetch.give(link, command);
      seat.flush();
    } else if (given || answer.getState() == CommandState.COMMAND_STATE_QUEUED) {
      // It came too late for what the body was given at its hello.
      fetch.fetch(link);
    }
  }

  /** More has come of the body, or it is over. */
  void bodyTold() {
    intake.bodyTold();
  }

  /** Wakes the agent if it sleeps, or is about to: then it does as soon as it has stored all. */
  void wake(String principal) {
    AgentState state = home.agent().getState();
    boolean sleeps =
        state == AgentState.AGENT_STATE_HIBERNATED || state == AgentState.AGENT_STATE_HIBERNATING;
    if (!sleeps || waking) {
      return;
    }
    waking = true;
    wakeFor = "";
    home.whenAnswered(tools.cell().wake(home.term(), principal), (_, _) -> waking = false);
  }

  void agentChanged() {
    takeWhatWaits();
    boolean asleep = home.agent().getState() == AgentState.AGENT_STATE_HIBERNATED;
    if (asleep && !wakeFor.isEmpty() && !input.isEmpty()) {
      wake(wakeFor);
    }
  }

  /** What was accepted elsewhere waits at the placer. */
  private void takeWhatWaits() {
    @Nullable BodyLink link = seat.link();
    Agent agent = home.agent();
    if (link != null
        && agent.getQueuedCommands() > 0
        && agent.getBody() == link.body()
        && agent.getState() == AgentState.AGENT_STATE_RUNNING) {
      fetch.fetch(link);
    }
  }

  // ---- to the body

  void bodyCame(BodyLink link) {
    if (size != null) {
      link.size(size);
    }
    fetch.bodyCame(link);
  }

  void bodyGone() {
    fetch.bodyGone();
    release();
  }

  void flush(@Nullable BodyLink link) {
    if (link != null && link.flush(input, tools.ticker().nanos())) {
      input = ByteString.EMPTY;
      release();
    }
    if (link != null) {
      fetch.flushed(link);
    }
  }

  private void release() {
    List<ClientLink> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(ClientLink::requestNext);
  }
}
