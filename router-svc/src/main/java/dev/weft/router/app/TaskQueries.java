package dev.weft.router.app;

import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.cell.CellView.Live;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is asked of tasks: rows, with what only the placer's memory knows yet laid over them. */
public final class TaskQueries {

  /** A task, and what memory adds while it is open. */
  public record Seen(
      StoredTask stored, Optional<Live> live, List<StoredAttempt> attempts, TokenUse tokens) {}

  /** A page of tasks. */
  public record SeenPage(List<Seen> tasks, Optional<TaskId> next) {}

  /** This replica can't answer. */
  public static final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Denial denial;

    public Denied(Denial denial) {
      super(denial.message());
      this.denial = denial;
    }

    public Denial denial() {
      return denial;
    }
  }

  private final CellInbox inbox;
  private final CellReader reader;

  public TaskQueries(CellInbox inbox, CellReader reader) {
    this.inbox = inbox;
    this.reader = reader;
  }

  /** Fails with {@link Denied} on a replica that does not hold the cell. */
  public CompletionStage<Optional<Seen>> task(String tenant, TaskId id) {
    return look(view -> view.live(id))
        .thenCompose(
            live ->
                reader
                    .task(tenant, id)
                    .thenCompose(
                        stored ->
                            stored.isEmpty()
                                ? CompletableFuture.completedStage(Optional.empty())
                                : reader
                                    .attempts(id)
                                    .thenCombine(
                                        reader.tokens(id),
                                        (attempts, tokens) ->
                                            Optional.of(
                                                new Seen(
                                                    stored.get(),
                                                    stillOpen(stored.get(), live),
                                                    attempts,
                                                    tokens)))));
  }

  /** As a page shows it: without payload, outputs and attempts. */
  public CompletionStage<Optional<Seen>> brief(String tenant, TaskId id) {
    return reader
        .tasks(tenant, Set.of(id))
        .thenCompose(stored -> withLive(stored, Optional.empty()))
        .thenApply(page -> page.tasks().stream().findFirst());
  }

  /** Open tasks alone come from memory; everything else along the tenant's index. */
  public CompletionStage<SeenPage> page(PageQuery query) {
    boolean onlyOpen =
        !query.states().isEmpty() && query.states().stream().noneMatch(state -> state.terminal());
    return look(view ->
            onlyOpen
                ? view.newest(query.tenant(), query.states(), query.before(), query.size())
                : Optional.<List<TaskId>>empty())
        .thenCompose(
            ids ->
                ids.isPresent()
                    ? openPage(query, ids.get())
                    : reader.page(query).thenCompose(page -> withLive(page.tasks(), page.next())));
  }

  /** Those that run, whether that is stored or not. */
  public CompletionStage<Set<TaskId>> running(Set<TaskId> tasks) {
    return look(
        view ->
            tasks.stream()
                .filter(
                    id -> view.live(id).filter(it -> it.state() == TaskState.RUNNING).isPresent())
                .collect(Collectors.toSet()));
  }

  private CompletionStage<SeenPage> openPage(PageQuery query, List<TaskId> ids) {
    Optional<TaskId> next =
        ids.size() < query.size() ? Optional.empty() : Optional.of(ids.getLast());
    return reader
        .tasks(query.tenant(), Set.copyOf(ids))
        .thenCompose(
            stored -> {
              List<StoredTask> newestFirst = new ArrayList<>(stored);
              newestFirst.sort((a, b) -> b.row().id().compareTo(a.row().id()));
              return withLive(newestFirst, next);
            });
  }

  private CompletionStage<SeenPage> withLive(List<StoredTask> stored, Optional<TaskId> next) {
    return look(view -> {
          Map<TaskId, Live> live = new HashMap<>();
          stored.forEach(
              task -> view.live(task.row().id()).ifPresent(it -> live.put(task.row().id(), it)));
          return live;
        })
        .thenApply(
            live ->
                new SeenPage(
                    stored.stream()
                        .map(
                            task ->
                                new Seen(
                                    task,
                                    stillOpen(task, Optional.ofNullable(live.get(task.row().id()))),
                                    List.of(),
                                    TokenUse.NONE))
                        .toList(),
                    next));
  }

  /** A terminal row is the truth; memory was looked at before it. */
  private static Optional<Live> stillOpen(StoredTask stored, Optional<Live> live) {
    return stored.row().progress().state().terminal() ? Optional.empty() : live;
  }

  /** What a stage failed with, if it failed because this replica can't answer. */
  public static Optional<Denial> denied(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof Denied denied ? Optional.of(denied.denial()) : Optional.empty();
  }

  private <T> CompletionStage<T> look(Function<CellView, T> question) {
    return look(inbox, question);
  }

  /** Asks the cell. Fails with {@link Denied} on a replica that does not hold it. */
  public static <T> CompletionStage<T> look(CellInbox inbox, Function<CellView, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    inbox.tellNow(
        cell -> answer.complete(question.apply(cell.view())),
        denial -> answer.completeExceptionally(new CompletionException(new Denied(denial))));
    return answer;
  }

  /** As {@link #look}, of what may also change the cell. */
  static <T> CompletionStage<T> tell(CellInbox inbox, Function<Cell, T> change) {
    CompletableFuture<T> told = new CompletableFuture<>();
    inbox.tellNow(
        cell -> told.complete(change.apply(cell)),
        denial -> told.completeExceptionally(new Denied(denial)));
    return told;
  }
}
