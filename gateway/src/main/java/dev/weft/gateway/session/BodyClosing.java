package dev.weft.gateway.session;

import dev.weft.platform.error.StatusMapper;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a body that is over left open. The placer alone knows which commands went away
 * with it: an end that is heard of late says nothing of the body before. The stream of the next
 * body waits for its word, since what is told comes before all of that body's frames. Guarded by
 * its home's lock.
 */
final class BodyClosing {

  private static final Logger LOG = Logger.getLogger(BodyClosing.class);

  private final AgentHome home;
  private final HomeTools tools;
  private @Nullable BodyLink waiting;
  private boolean asking;

  BodyClosing(AgentHome home, HomeTools tools) {
    this.home = home;
    this.tools = tools;
  }

  /** Whether the placer's word is waited for. */
  boolean asking() {
    return asking;
  }

  /**
   * Asks which commands went away with a body, until there is an answer or the home is none any
   * more. Before the log was asked nobody knows after which frame that is to be told.
   *
   * @param answer run under the lock, at once or later
   */
  void ask(int body, Consumer<List<String>> answer) {
    asking = true;
    ask(body, answer, 1);
  }

  /** As {@link #ask(int, Consumer)}, where it is known which they are. */
  void ask(List<String> known, Consumer<List<String>> answer) {
    asking = !home.frames().sealing().isOpen();
    if (!asking) {
      answer.accept(known);
    } else {
      home.later(
          Errands.AGAIN.delay(1, tools.random()),
          () -> {
            if (!home.over()) {
              ask(known, answer);
            }
          });
    }
  }

  private void ask(int body, Consumer<List<String>> answer, int tries) {
    if (!home.frames().sealing().isOpen()) {
      home.later(
          Errands.AGAIN.delay(tries, tools.random()), () -> askAgain(body, answer, tries + 1));
      return;
    }
    home.whenAnswered(
        tools.cell().interrupted(home.term(), body),
        (ids, failure) -> {
          if (home.over()) {
            return;
          }
          if (failure != null && AgentCell.isAway(failure)) {
            home.later(
                Errands.AGAIN.delay(tries, tools.random()),
                () -> askAgain(body, answer, tries + 1));
            return;
          }
          asking = false;
          answer.accept(failure == null ? ids : unknown(body, failure));
        });
  }

  private void askAgain(int body, Consumer<List<String>> answer, int tries) {
    if (!home.over()) {
      ask(body, answer, tries);
    }
  }

  private List<String> unknown(int body, Throwable failure) {
    LOG.warnf(
        "the placer does not say what a body left open: agentId=%s body=%d error=%s",
        home.term().agentId(), body, StatusMapper.fromStatus(failure).message());
    return List.of();
  }

  // ---- the next body

  /** Lets the stream of the next body wait; the newest body's newest stream stays. */
  void hold(BodyLink came) {
    if (waiting != null && waiting.body() > came.body()) {
      came.end(SessionRefusals.staleBody(came.body(), waiting.body()));
      return;
    }
    if (waiting != null) {
      waiting.end(SessionRefusals.silent("an earlier stream of this body"));
    }
    waiting = came;
  }

  /** A stream is over. */
  void gone(BodyLink gone) {
    waiting = gone == waiting ? null : waiting;
  }

  /** The stream that waited, which is let go on. */
  @Nullable BodyLink next() {
    BodyLink next = waiting;
    waiting = null;
    return next;
  }

  /** The home is none any more. */
  void end(Throwable why) {
    if (waiting != null) {
      waiting.end(why);
      waiting = null;
    }
  }
}
