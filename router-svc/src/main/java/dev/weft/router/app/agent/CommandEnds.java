package dev.weft.router.app.agent;

import dev.weft.router.app.agent.AgentBook.CommandEnd;
import dev.weft.router.app.agent.Agents.Named;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.CommandResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How commands end: noted, and told to whoever waits for one. A command that somebody waits for is
 * looked at again whenever something of its agent is stored, so that its end is seen whoever
 * brought it about: once for all who wait for it.
 */
public final class CommandEnds {

  /** Who waits of one tenant. */
  public static final int MOST_WAITING = 200;

  private final StoredAgents stored;
  private final ScheduledExecutorService timer;
  private final Map<AgentId, Map<String, Awaited>> awaited = new HashMap<>();
  private final Map<String, Integer> waiting = new HashMap<>();

  public CommandEnds(StoredAgents stored, ScheduledExecutorService timer) {
    this.stored = stored;
    this.timer = timer;
    stored.listen(agent -> lookAgain(agent.id()));
  }

  /** Notes how a command of a body ended; the first end counts. */
  public CompletionStage<Agent> settle(Named agent, CommandEnd end) {
    return own(agent)
        .thenCompose(
            found ->
                stored
                    .of(agent.tenant())
                    .write(
                        (book, epoch) -> {
                          book.settle(epoch, agent.id(), end);
                          return found;
                        },
                        _ -> Optional.empty()))
        .thenApply(
            found -> {
              lookAgain(agent.id());
              return found;
            });
  }

  /**
   * How a command stands, as soon as it is over or the patience is; empty if there is none. Fails
   * with AGENTS_BUSY when too many of the tenant wait.
   */
  public CompletionStage<Optional<CommandResult>> await(
      Named agent, String command, Duration patience) {
    return own(agent)
        .thenCompose(
            _ -> patience.isZero() ? look(agent, command) : waitFor(agent, command, patience));
  }

  /** How many of a tenant wait. */
  public synchronized int waiting(String tenant) {
    return waiting.getOrDefault(tenant, 0);
  }

  private CompletionStage<Agent> own(Named agent) {
    return stored.of(agent.tenant()).read(book -> book.agent(agent.id())).thenApply(agent::own);
  }

  private CompletionStage<Optional<CommandResult>> look(Named agent, String command) {
    return stored.of(agent.tenant()).read(book -> book.result(agent.id(), command));
  }

  private CompletionStage<Optional<CommandResult>> waitFor(
      Named agent, String command, Duration patience) {
    Waiter waiter = new Waiter();
    Awaited its = enter(agent, command, waiter);
    Future<?> late =
        timer.schedule(() -> its.isLate(waiter), patience.toMillis(), TimeUnit.MILLISECONDS);
    its.ask();
    return waiter.answer.whenComplete((_, _) -> late.cancel(false));
  }

  private synchronized Awaited enter(Named agent, String command, Waiter waiter) {
    if (waiting.getOrDefault(agent.tenant(), 0) >= MOST_WAITING) {
      throw AgentRefusal.of(
              AgentRefusal.Reason.AGENTS_BUSY,
              "calls that wait for commands: %d (expected: fewer)".formatted(MOST_WAITING))
          .with("limit", MOST_WAITING);
    }
    waiting.merge(agent.tenant(), 1, Integer::sum);
    Awaited its =
        awaited
            .computeIfAbsent(agent.id(), _ -> new HashMap<>())
            .computeIfAbsent(command, _ -> new Awaited(agent, command));
    its.waiters.add(waiter);
    return its;
  }

  private void lookAgain(AgentId agent) {
    List<Awaited> all;
    synchronized (this) {
      all = List.copyOf(awaited.getOrDefault(agent, Map.of()).values());
    }
    all.forEach(Awaited::ask);
  }

  /** Who waits for a command. */
  private static final class Waiter {
    private final CompletableFuture<Optional<CommandResult>> answer = new CompletableFuture<>();
    private boolean late;
  }

  /** A command that somebody waits for; guarded by the lock of all. */
  private final class Awaited {
    private final Named agent;
    private final String command;
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private boolean asking;
    private boolean again;

    Awaited(Named agent, String command) {
      this.agent = agent;
      this.command = command;
    }

    void isLate(Waiter waiter) {
      synchronized (CommandEnds.this) {
        waiter.late = true;
      }
      ask();
    }

    /** One question at a time; what is stored meanwhile makes another. */
    void ask() {
      synchronized (CommandEnds.this) {
        again |= asking;
        if (asking || waiters.isEmpty()) {
          return;
        }
        asking = true;
      }
      look(agent, command)
          .whenComplete(
              (result, failure) -> {
                if (failure == null) {
                  found(result);
                } else {
                  failed(failure);
                }
              });
    }

    private void found(Optional<CommandResult> result) {
      boolean more;
      List<Waiter> told;
      synchronized (CommandEnds.this) {
        more = answered();
        told = leave(isSettled(result, more));
      }
      told.forEach(one -> one.answer.complete(result));
      if (more) {
        ask();
      }
    }

    private void failed(Throwable failure) {
      List<Waiter> told;
      synchronized (CommandEnds.this) {
        answered();
        told = leave(true);
      }
      told.forEach(one -> one.answer.completeExceptionally(failure));
    }

    /** Answers whether something was stored meanwhile. */
    private boolean answered() {
      boolean more = again;
      asking = false;
      again = false;
      return more;
    }

    /** One that is asked for while it is stored may not have been there yet. */
    private boolean isSettled(Optional<CommandResult> result, boolean news) {
      return result.map(CommandResult::over).orElse(!news);
    }

    /** Those who need not wait any more: all, or who has waited for long enough. */
    private List<Waiter> leave(boolean all) {
      List<Waiter> told = waiters.stream().filter(one -> all || one.late).toList();
      told.forEach(this::leave);
      return told;
    }

    private void leave(Waiter waiter) {
      waiters.remove(waiter);
      waiting.computeIfPresent(agent.tenant(), (_, count) -> count == 1 ? null : count - 1);
      Map<String, Awaited> its = awaited.get(agent.id());
      if (waiters.isEmpty() && its != null && its.remove(command, this) && its.isEmpty()) {
        awaited.remove(agent.id());
      }
    }
  }
}
