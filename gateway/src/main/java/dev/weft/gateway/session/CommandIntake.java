package dev.weft.gateway.session;

import dev.weft.proto.internal.agent.v1.AcceptCommandResponse;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.session.v1.ClientFrame;
import dev.weft.proto.internal.session.v1.CommandReceipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Commands on their way to the placer, which stores them: those of one client one after the other,
 * while the client says other things. Guarded by its home's lock.
 */
final class CommandIntake {

  /** Of one client; then it is asked for nothing more until one is stored. */
  private static final int MOST_WAITING = 32;

  private final AgentHome home;
  private final BodyWork work;
  private final AgentCell cell;
  private final BodyHistory history;
  private final List<Runnable> held = new ArrayList<>();
  private final Map<ClientLink, Deque<ClientFrame>> waiting = new HashMap<>();
  private final Set<ClientLink> owed = new HashSet<>();

  CommandIntake(AgentHome home, BodyWork work, AgentCell cell, BodyHistory history) {
    this.home = home;
    this.work = work;
    this.cell = cell;
    this.history = history;
  }

  /** Whether it is a command, or a signal for one that is not stored yet. */
  boolean takes(ClientLink client, ClientFrame frame) {
    return frame.hasCommand()
        || (frame.hasSignal()
            && waiting.getOrDefault(client, new ArrayDeque<>()).stream()
                .anyMatch(
                    it -> it.getCommand().getCommandId().equals(frame.getSignal().getCommandId())));
  }

  /**
   * Takes what {@link #takes} says.
   *
   * @return whether the client may say more; else it is asked for more when there is room
   */
  boolean add(ClientLink client, ClientFrame frame) {
    Deque<ClientFrame> its = waiting.computeIfAbsent(client, _ -> new ArrayDeque<>());
    its.addLast(frame);
    if (its.size() == 1) {
      next(client, its);
    }
    boolean more = its.size() < MOST_WAITING;
    if (!more) {
      owed.add(client);
    }
    return more;
  }

  private void next(ClientLink client, Deque<ClientFrame> its) {
    ClientFrame frame = its.getFirst();
    if (!frame.hasCommand()) {
      work.signal(client, frame.getSignal());
      done(client, its);
      return;
    }
    ask(client, its, frame.getCommand(), true);
  }

  /**
   * @param first whether the placer was not asked before
   */
  private void ask(ClientLink client, Deque<ClientFrame> its, AgentCommand command, boolean first) {
    home.whenAnswered(
        cell.accept(home.term(), command, client.hello().getPrincipal(), work.present()),
        (answer, failure) -> {
          if (failure == null) {
            answered(client, its, command, answer, first);
          } else {
            client.problem(failure, command.getCommandId());
            done(client, its);
          }
        });
  }

  private void answered(
      ClientLink client,
      Deque<ClientFrame> its,
      AgentCommand command,
      AcceptCommandResponse answer,
      boolean first) {
    AcceptCommandResponse told = asTold(command, answer);
    boolean given = told.getState() == CommandState.COMMAND_STATE_GIVEN;
    if (given && first && history.hasConcluded(told.getBody())) {
      // Its body went away while the answer was under way: the placer knows by now what of it.
      ask(client, its, command, false);
    } else if (given && told.getExisting() && history.mayNotKnow(told.getBody(), client.cursor())) {
      // An earlier home may have told this client its end, which the body is about to say again.
      held.add(() -> answered(client, its, command, answer, first));
    } else {
      client.receipt(receipt(command, told));
      work.stored(command, told);
      done(client, its);
    }
  }

  /** More has come of the body, or it is over. */
  void bodyTold() {
    List<Runnable> again = List.copyOf(held);
    held.clear();
    again.forEach(Runnable::run);
  }

  private void done(ClientLink client, Deque<ClientFrame> its) {
    its.removeFirst();
    if (owed.remove(client)) {
      work.dealtWith(client);
    } else {
      home.audience().drain(client);
    }
    if (its.isEmpty()) {
      waiting.remove(client);
    } else {
      next(client, its);
    }
  }

  /** An end that clients have been told is one, though the placer has not noted it yet. */
  private AcceptCommandResponse asTold(AgentCommand command, AcceptCommandResponse answer) {
    OptionalInt exitCode = history.ends().exitCode(command.getCommandId());
    return answer.getExisting() && exitCode.isPresent()
        ? answer.toBuilder()
            .setState(CommandState.COMMAND_STATE_ENDED)
            .setExitCode(exitCode.getAsInt())
            .build()
        : answer;
  }

  private static CommandReceipt receipt(AgentCommand command, AcceptCommandResponse answer) {
    return CommandReceipt.newBuilder()
        .setCommandId(command.getCommandId())
        .setState(answer.getState())
        .setExisting(answer.getExisting())
        .setExitCode(answer.getExitCode())
        .build();
  }
}
