package dev.weft.router.app;

import dev.weft.router.app.TaskQueries.Denied;
import dev.weft.router.app.TaskQueries.Seen;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.SettledReply;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Ends tasks: the answer comes when the wish is durable, and shows the task as it is then. */
public final class TaskCancels {

  private static final int MOST_TRIES = 3;

  private final CellInbox inbox;
  private final TaskQueries queries;

  public TaskCancels(CellInbox inbox, TaskQueries queries) {
    this.inbox = inbox;
    this.queries = queries;
  }

  /**
   * Empty when the tenant has no such task; fails with {@link Denied} when it can't be done here.
   */
  public CompletionStage<Optional<Seen>> cancel(String tenant, TaskId id) {
    return attempt(tenant, id, MOST_TRIES);
  }

  /** A task that was admitted just after the cell had looked for it is asked for once more. */
  private CompletionStage<Optional<Seen>> attempt(String tenant, TaskId id, int tries) {
    return settled(tenant, id)
        .thenCompose(done -> queries.task(tenant, id))
        .thenCompose(
            seen -> {
              if (seen.isEmpty() || taken(seen.get())) {
                return CompletableFuture.completedStage(seen);
              }
              if (tries > 1) {
                return attempt(tenant, id, tries - 1);
              }
              return CompletableFuture.failedStage(
                  new Denied(
                      Denial.of(
                          Denial.Reason.CELL_UNAVAILABLE, "the task was just let in: try again")));
            });
  }

  private static boolean taken(Seen seen) {
    TaskState state = seen.stored().row().progress().state();
    return state.terminal() || state == TaskState.CANCELLING;
  }

  private CompletionStage<Boolean> settled(String tenant, TaskId id) {
    CompletableFuture<Boolean> settled = new CompletableFuture<>();
    SettledReply reply =
        new SettledReply() {
          @Override
          public void settled() {
            settled.complete(true);
          }

          @Override
          public void denied(Denial reason) {
            settled.completeExceptionally(new Denied(reason));
          }
        };
    inbox.tell(cell -> cell.cancel(tenant, id, reply), reply::denied);
    return settled;
  }
}
