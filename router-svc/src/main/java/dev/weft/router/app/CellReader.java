package dev.weft.router.app;

import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Committed state, for everything that is asked and not decided. Asynchronous, any thread; a failed
 * stage carries {@link JournalException.Unavailable}. A caller that gives up does not cancel the
 * query, so no connection is lost by it.
 */
public interface CellReader {

  /** One task with its spec and result; empty when unknown or another tenant's. */
  CompletionStage<Optional<StoredTask>> task(String tenant, TaskId id);

  /** These of a tenant's tasks, as in a page; unknown ids are left out. */
  CompletionStage<List<StoredTask>> tasks(String tenant, Set<TaskId> ids);

  /** Newest first, without spec payloads and results; may be short while {@code next} is set. */
  CompletionStage<TaskPage> page(PageQuery query);

  /** Attempts that ended otherwise than by success, oldest first. */
  CompletionStage<List<StoredAttempt>> attempts(TaskId id);

  /** What all attempts of a task have used of models, as far as it is stored. */
  CompletionStage<TokenUse> tokens(TaskId id);

  /** A task's steps after the cursor, oldest first, by walking its chain. */
  CompletionStage<EventChain> events(String tenant, TaskId id, EventCursor after);

  /** Placements of the task's attempts and reasons its shape waited, newest first. */
  CompletionStage<List<StoredDecisions>> decisions(String tenant, TaskId id);

  /** Keys used within 24 h; unknown ones are absent from the map. */
  CompletionStage<Map<RequestKey, KnownKey>> keys(Set<RequestKey> keys);

  /** Which of these ids exist, in whatever state and tenant. */
  CompletionStage<Set<TaskId>> existing(Set<TaskId> ids);

  CompletionStage<List<StoredSpec>> specs(Set<TaskId> ids);

  /** Whose these tasks are, without the rest of their specs; empty for nobody's. */
  CompletionStage<Map<TaskId, String>> users(Set<TaskId> ids);

  /** A tenant's idempotency key. */
  record RequestKey(String tenant, String requestId) {}

  /** An ended attempt and the database's time of its end. */
  record StoredAttempt(EndedAttempt attempt, Instant endTime) {}
}
