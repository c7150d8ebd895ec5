package dev.weft.gateway.session;

import dev.weft.proto.internal.agent.v1.AgentCommand;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands that wait at the placer, on their way to the body that is here: fetched when it comes,
 * and again whenever there may be others. Guarded by its home's lock.
 */
final class CommandFetch {

  private static final Duration AGAIN = Duration.ofMillis(500);

  private final AgentHome home;
  private final BodySeat seat;
  private final AgentCell cell;
  private Question question = Question.NONE;
  private @Nullable BodyLink served;
  private boolean left;

  CommandFetch(AgentHome home, BodySeat seat, AgentCell cell) {
    this.home = home;
    this.seat = seat;
    this.cell = cell;
  }

  /** The question to the placer: there is one at most. */
  private enum Question {
    NONE,
    UNDER_WAY,
    /** What it was asked for may have changed since: it is to be asked once more. */
    OUTDATED
  }

  /** A body is here. */
  void bodyCame(BodyLink link) {
    bodyGone();
    fetch(link);
  }

  void bodyGone() {
    served = null;
    left = false;
  }

  /** Whether a body has all that waited for it, so that what is new can be given to it at once. */
  boolean serves(BodyLink link) {
    return served == link;
  }

  /** Gives the body what waits for it at the placer. */
  void fetch(BodyLink link) {
    if (question != Question.NONE) {
      question = Question.OUTDATED;
      return;
    }
    question = Question.UNDER_WAY;
    home.whenAnswered(
        cell.take(home.term(), link.body()),
        (commands, failure) -> {
          boolean again = question == Question.OUTDATED;
          question = Question.NONE;
          if (failure == null) {
            commands.forEach(it -> seat.history().given(link.body(), it.getCommandId()));
            fetched(link, commands, again);
          } else {
            failed(link, failure);
          }
        });
  }

  private void fetched(BodyLink link, List<AgentCommand> commands, boolean again) {
    if (seat.link() != link) {
      goOn();
      return;
    }
    commands.forEach(command -> give(link, command));
    served = link;
    seat.flush();
    if (again) {
      fetch(link);
    }
  }

  private void failed(BodyLink link, Throwable failure) {
    if (seat.link() != link) {
      goOn();
    } else if (AgentCell.isAway(failure)) {
      home.later(
          AGAIN,
          () -> {
            if (seat.link() == link) {
              fetch(link);
            }
          });
    } else {
      link.end(failure);
      seat.gone(link, false);
    }
  }

  /** For the body that is here by now. */
  private void goOn() {
    @Nullable BodyLink present = seat.link();
    if (present != null) {
      fetch(present);
    }
  }

  void give(BodyLink link, AgentCommand command) {
    left |= !link.command(command);
  }

  /** The body has taken something: what there was no room for is fetched again. */
  void flushed(BodyLink link) {
    if (left && !link.commandsWait()) {
      left = false;
      fetch(link);
    }
  }
}
