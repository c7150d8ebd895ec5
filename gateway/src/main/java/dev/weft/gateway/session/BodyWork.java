package dev.weft.gateway.session;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.session.BodyLedger;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.agent.v1.RecordSnapshotRequest;
import dev.weft.proto.internal.agent.v1.SettleCommandRequest;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandEnded;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import dev.weft.proto.internal.session.v1.SessionFrame;
import dev.weft.proto.internal.session.v1.TerminalSize;
import java.time.Duration;
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

  private static final int MOST_RUNNING = 1_000;
  private static final Duration TAKE_AGAIN = Duration.ofMillis(500);

  private final AgentHome home;
  private final BodySeat seat;
  private final HomeTerm term;
  private final HomeTools tools;
  private final List<ClientLink> held = new ArrayList<>();
  private ByteString input = ByteString.EMPTY;
  private @Nullable TerminalSize size;
  private boolean taking;
  private boolean takeAgain;
  private boolean taken;
  private boolean waking;
  private String wakeFor = "";

  BodyWork(AgentHome home, BodySeat seat, HomeTools tools) {
    this.home = home;
    this.seat = seat;
    this.term = home.term();
    this.tools = tools;
  }

  // ---- from clients

  /** What a client says; another message is asked of it when this one is dealt with. */
  void said(ClientLink client, ClientFrame frame) {
    if (frame.getTakeOver()) {
      takeOver(client);
    }
    boolean wants =
        frame.hasCommand()
            || frame.hasSignal()
            || frame.hasTerminalSize()
            || !frame.getTerminalInput().isEmpty();
    if (wants && !home.seats().writes(client)) {
      String about =
          frame.hasCommand() ? frame.getCommand().getCommandId() : frame.getSignal().getCommandId();
      client.problem(SessionRefusals.notWriter(), about);
    } else if (wants) {
      direct(client, frame);
    }
    if (wants && frame.hasCommand() && home.seats().writes(client)) {
      accept(client, frame.getCommand());
    } else {
      dealtWith(client);
    }
  }

  private void takeOver(ClientLink client) {
    if (home.seats().takeOver(client)) {
      home.statusChanged();
      wake(client.hello().getPrincipal());
    } else {
      client.problem(SessionRefusals.notWriter(), "");
    }
  }

  private void direct(ClientLink client, ClientFrame frame) {
    @Nullable BodyLink link = seat.link();
    if (frame.hasTerminalSize()) {
      size = frame.getTerminalSize();
      if (link != null) {
        link.size(size);
      }
    }
    if (frame.hasSignal()) {
      String about = frame.getSignal().getCommandId();
      if (link == null) {
        client.problem(SessionRefusals.noBody("signal"), about);
      } else if (!link.signal(frame.getSignal())) {
        client.problem(SessionRefusals.inputFull("signal"), about);
      }
    }
    if (!frame.getTerminalInput().isEmpty()) {
      type(client, frame.getTerminalInput(), link);
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
  private void dealtWith(ClientLink client) {
    if (seat.link() != null && !input.isEmpty()) {
      held.add(client);
    } else {
      client.requestNext();
    }
    home.drain(client);
  }

  private void accept(ClientLink client, AgentCommand command) {
    @Nullable BodyLink link = seat.link();
    int body = link != null && taken ? link.body() : 0;
    tools
        .cell()
        .accept(term, command, client.hello().getPrincipal(), body)
        .whenComplete(
            (answer, failure) -> {
              synchronized (home) {
                if (failure != null) {
                  client.problem(failure, command.getCommandId());
                } else {
                  accepted(client, command, answer);
                }
                dealtWith(client);
              }
            });
  }

  private void accepted(ClientLink client, AgentCommand command, AcceptCommandResponse answer) {
    client.receipt(
        CommandReceipt.newBuilder()
            .setCommandId(command.getCommandId())
            .setState(answer.getState())
            .setExisting(answer.getExisting())
            .setExitCode(answer.getExitCode())
            .build());
    @Nullable BodyLink link = seat.link();
    if (link == null) {
      return;
    }
    boolean given =
        answer.getState() == CommandState.COMMAND_STATE_GIVEN && answer.getBody() == link.body();
    if (given && !answer.getExisting() && taken) {
      link.command(command);
      seat.flush();
    } else if (given || answer.getState() == CommandState.COMMAND_STATE_QUEUED) {
      // It came too late for what the body was given at its hello.
      take(link);
    }
  }

  /** Wakes the agent if it sleeps. */
  void wake(String principal) {
    if (home.agent().getState() != AgentState.AGENT_STATE_HIBERNATED || waking) {
      return;
    }
    waking = true;
    wakeFor = "";
    tools
        .cell()
        .wake(term, principal)
        .whenComplete(
            (_, failure) -> {
              synchronized (home) {
                waking = failure == null && waking;
              }
            });
  }

  void agentChanged() {
    AgentState state = home.agent().getState();
    if (state != AgentState.AGENT_STATE_HIBERNATED) {
      waking = false;
    } else if (!wakeFor.isEmpty() && !input.isEmpty()) {
      wake(wakeFor);
    }
  }

  // ---- to the body

  void bodyCame(BodyLink link) {
    taken = false;
    if (size != null) {
      link.size(size);
    }
    take(link);
  }

  void bodyGone() {
    taken = false;
    release();
  }

  /** Gives the body what waits for it at the placer. */
  private void take(BodyLink link) {
    if (taking) {
      takeAgain = true;
      return;
    }
    taking = true;
    takeAgain = false;
    tools
        .cell()
        .take(term, link.body())
        .whenComplete(
            (commands, failure) -> {
              synchronized (home) {
                taking = false;
                took(link, commands == null ? List.of() : commands, failure);
              }
            });
  }

  private void took(BodyLink link, List<AgentCommand> commands, @Nullable Throwable failure) {
    @Nullable BodyLink present = seat.link();
    if (present != link) {
      if (present != null) {
        take(present);
      }
    } else if (failure == null) {
      commands.forEach(link::command);
      taken = true;
      seat.flush();
      if (takeAgain) {
        take(link);
      }
    } else if (AgentCell.isAway(failure)) {
      tools.later().run(TAKE_AGAIN, () -> takeLate(link));
    } else {
      link.end(failure);
      seat.gone(link, false);
    }
  }

  private void takeLate(BodyLink link) {
    synchronized (home) {
      if (seat.link() == link) {
        take(link);
      }
    }
  }

  void flush(@Nullable BodyLink link) {
    if (link != null && link.flush(input, tools.ticker().nanos())) {
      input = ByteString.EMPTY;
      release();
    }
  }

  private void release() {
    List<ClientLink> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(ClientLink::requestNext);
  }

  // ---- from the body

  /** What the placer is to know of a frame, and which commands run. */
  void note(BodyLedger ledger, SessionFrame frame, Errands errands) {
    switch (frame.getEventCase()) {
      case COMMAND_STARTED -> {
        if (ledger.running().size() >= MOST_RUNNING) {
          throw SessionRefusals.frame(frame.getNumber(), "at most 1000 commands that run");
        }
        ledger.started(frame.getCommandStarted().getCommandId());
      }
      case COMMAND_ENDED -> {
        CommandEnded ended = frame.getCommandEnded();
        ledger.ended(ended.getCommandId());
        SettleCommandRequest request = settlement(ledger.body(), ended);
        errands.add(frame.getNumber(), () -> tools.cell().settle(request));
      }
      case SNAPSHOT -> {
        RecordSnapshotRequest request =
            RecordSnapshotRequest.newBuilder()
                .setTenant(term.tenant())
                .setAgentId(term.agentId())
                .setBody(ledger.body())
                .setSnapshot(frame.getSnapshot())
                .build();
        errands.add(frame.getNumber(), () -> tools.cell().record(request));
      }
      case TERMINAL, COMMAND_OUTPUT, TERMINAL_ENDED, NOTICE, EVENT_NOT_SET -> {}
    }
  }

  private SettleCommandRequest settlement(int body, CommandEnded ended) {
    SettleCommandRequest.Builder request =
        SettleCommandRequest.newBuilder()
            .setTenant(term.tenant())
            .setAgentId(term.agentId())
            .setCommandId(ended.getCommandId())
            .setBody(body)
            .setExitCode(ended.getExitCode());
    if (ended.hasProblem()) {
      Problem problem = ended.getProblem();
      request.setProblem(problem);
    }
    return request.build();
  }
}
