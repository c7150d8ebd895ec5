package dev.weft.gateway.ws;

import dev.weft.gateway.app.Admission;
import dev.weft.proto.internal.session.v1.ClientFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Holds what a client says to its tenant's rate: a command costs a token, anything else nothing.
 * What follows a command waits until that is decided, so that all keeps its order. On the
 * connection's event loop.
 */
final class CommandToll {

  private final Supplier<CompletionStage<Admission>> token;
  private final Executor eventLoop;
  private final Listener listener;
  private final Deque<ClientFrame> waiting = new ArrayDeque<>();

  /** Who is told what was decided. */
  interface Listener {

    void passed(ClientFrame frame);

    void refused(RuntimeException why, String commandId);

    /** Nothing waits any more. */
    void decided();
  }

  /**
   * @param token asks for one; soon answered, and without failing
   */
  CommandToll(Supplier<CompletionStage<Admission>> token, Executor eventLoop, Listener listener) {
    this.token = token;
    this.eventLoop = eventLoop;
    this.listener = listener;
  }

  /** Whether something waits: nothing more is to be read then. */
  boolean waits() {
    return !waiting.isEmpty();
  }

  void take(ClientFrame frame) {
    waiting.addLast(frame);
    if (waiting.size() == 1) {
      goOn();
    }
  }

  private void goOn() {
    while (!waiting.isEmpty()) {
      if (waiting.getFirst().hasCommand()) {
        CompletableFuture<Admission> answer = token.get().toCompletableFuture();
        if (!answer.isDone()) {
          answer.thenAcceptAsync(this::answered, eventLoop);
          return;
        }
        decide(answer.join());
      } else {
        listener.passed(waiting.removeFirst());
      }
    }
  }

  private void answered(Admission admission) {
    decide(admission);
    goOn();
    if (waiting.isEmpty()) {
      listener.decided();
    }
  }

  private void decide(Admission admission) {
    ClientFrame frame = waiting.removeFirst();
    if (admission.granted() > 0) {
      listener.passed(frame);
    } else {
      listener.refused(admission.refusal(0), frame.getCommand().getCommandId());
    }
  }
}
