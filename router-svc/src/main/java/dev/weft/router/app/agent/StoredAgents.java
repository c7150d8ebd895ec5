package dev.weft.router.app.agent;

import dev.weft.router.app.CellInbox;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way to the stored agents: on the holder alone, off the caller's thread, and what was changed
 * is told to whoever listens. Every stage fails with {@link TaskQueries.Denied} on a replica that
 * does not hold the cell, and as the {@link AgentBook} does.
 */
public final class StoredAgents {

  /** Mints tasks' ids; any thread. */
  public interface TaskIds {

    /** By this router's clock. */
    TaskId now();

    /** By the database's clock, by which the ids of tasks are judged. */
    TaskId at(Instant time);
  }

  /** What becomes of an agent. */
  @FunctionalInterface
  public interface Decision {
    Agent decide(Agent stored, Moment moment);
  }

  private final CellInbox inbox;
  private final AgentBook book;
  private final TaskIds ids;
  private final CallLine line;
  private final Optional<String> tenant;
  private final List<Consumer<Agent>> listeners;

  /** For the mesh itself: its calls are ahead of all tenants'. */
  public StoredAgents(CellInbox inbox, AgentBook book, TaskIds ids, CallLine line) {
    this(inbox, book, ids, line, Optional.empty(), new CopyOnWriteArrayList<>());
  }

  private StoredAgents(
      CellInbox inbox,
      AgentBook book,
      TaskIds ids,
      CallLine line,
      Optional<String> tenant,
      List<Consumer<Agent>> listeners) {
    this.inbox = inbox;
    this.book = book;
    this.ids = ids;
    this.line = line;
    this.tenant = tenant;
    this.listeners = listeners;
  }

  /** The same for a tenant, whose calls wait among its own. */
  StoredAgents of(String name) {
    return new StoredAgents(inbox, book, ids, line, Optional.of(name), listeners);
  }

  /** Tells each stored change, in no certain order; must not block. */
  public void listen(Consumer<Agent> listener) {
    listeners.add(listener);
  }

  public TaskId freshTask() {
    return ids.now();
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
    return (stored, now) -> decision.decide(stored, new Moment(now, ids.at(now)));
  }

  private <T> CompletionStage<T> ask(Supplier<T> question) {
    return line.call(tenant, question);
  }
}
