package dev.weft.router.app.agent;

import dev.weft.router.domain.agent.AgentId;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each agent that asks a turn: one at a time for an agent, a few at a time for all, and one
 * that asks during its own gets another after it. Thread-safe.
 */
final class Turns {

  private static final int AT_ONCE = 16;

  private final Function<AgentId, CompletionStage<?>> turn;
  private final Queue<AgentId> waiting = new ArrayDeque<>();
  private final Set<AgentId> asked = new HashSet<>();
  private final Set<AgentId> running = new HashSet<>();

  /**
   * @param turn whose stage ends the turn, well or not
   */
  Turns(Function<AgentId, CompletionStage<?>> turn) {
    this.turn = turn;
  }

  void ask(AgentId agent) {
    synchronized (this) {
      if (!asked.add(agent)) {
        return;
      }
      if (!running.contains(agent)) {
        waiting.add(agent);
      }
    }
    runWaiting();
  }

  private void runWaiting() {
    for (AgentId next = next(); next != null; next = next()) {
      AgentId agent = next;
      begin(agent).whenComplete((_, _) -> ended(agent));
    }
  }

  private CompletionStage<?> begin(AgentId agent) {
    try {
      return turn.apply(agent);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private synchronized @Nullable AgentId next() {
    if (running.size() >= AT_ONCE || waiting.isEmpty()) {
      return null;
    }
    AgentId agent = waiting.remove();
    asked.remove(agent);
    running.add(agent);
    return agent;
  }

  private void ended(AgentId agent) {
    synchronized (this) {
      running.remove(agent);
      if (asked.contains(agent)) {
        waiting.add(agent);
      }
    }
    runWaiting();
  }
}
