package dev.weft.router.app;

import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way to the stored agents: on the holder alone, off the caller's thread, and what was changed
 * is told to whoever listens. Every stage fails with {@link TaskQueries.Denied} on a replica that
 * does not hold the cell, and as the {@link AgentBook} does.
 */
public final class AgentWrites {

  /** What becomes of an agent. */
  @FunctionalInterface
  public interface Decision {
    Agent decide(Agent stored, Moment moment);
  }

  private final CellInbox inbox;
  private final AgentBook book;
  private final Supplier<TaskId> ids;
  private final Executor blocking;
  private final List<Consumer<Agent>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param ids mints a task's id; any thread
   * @param blocking where calls to the book wait, few at a time; may refuse
   */
  public AgentWrites(CellInbox inbox, AgentBook book, Supplier<TaskId> ids, Executor blocking) {
    this.inbox = inbox;
    this.book = book;
    this.ids = ids;
    this.blocking = blocking;
  }

  /** Tells each stored change, in no certain order; must not block. */
  public void listen(Consumer<Agent> listener) {
    listeners.add(listener);
  }

  public TaskId freshTask() {
    return ids.get();
  }

  public CompletionStage<Long> epoch() {
    return TaskQueries.look(inbox, CellView::epoch);
  }

  public <T> CompletionStage<T> read(Function<AgentBook, T> question) {
    return epoch().thenCompose(_ -> ask(() -> question.apply(book)));
  }

  /**
   * @param agents what of the answer was changed
   */
  public <T> CompletionStage<T> write(
      BiFunction<AgentBook, Long, T> call, Function<T, Optional<Agent>> agents) {
    return epoch()
        .thenCompose(epoch -> ask(() -> call.apply(book, epoch)))
        .thenApply(
            answer -> {
              agents.apply(answer).ifPresent(one -> listeners.forEach(it -> it.accept(one)));
              return answer;
            });
  }

  /** As the agent is then; empty when there is none. */
  public CompletionStage<Optional<Agent>> change(AgentId id, Decision decision) {
    return write((all, epoch) -> all.change(epoch, id, change(decision)), Function.identity());
  }

  /** As {@link AgentBook#finish}. */
  CompletionStage<Optional<Agent>> finish(
      AgentId id, int body, Set<String> begun, Decision decision) {
    return write(
        (all, epoch) -> all.finish(epoch, id, body, begun, change(decision)), Function.identity());
  }

  AgentBook.Change change(Decision decision) {
    return (stored, now) -> decision.decide(stored, new Moment(now, ids.get()));
  }

  private <T> CompletionStage<T> ask(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, blocking);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new JournalException.Unavailable("too many calls about agents wait", e));
    }
  }
}
