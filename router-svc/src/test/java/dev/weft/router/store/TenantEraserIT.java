package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.app.TenantEraser;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One operation removes a tenant. */
@WithPostgres
class TenantEraserIT {
  private static final String CLOSED = "ten_closed";
  private static final String OTHER = "ten_other";

  private final StoreDatabase store;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private final TenantEraser eraser;
  private long epoch;

  TenantEraserIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
    eraser = new PgTenantEraser(store.database(), StoreDatabase.CELL, StoreDatabase.ROLE);
  }

  @BeforeEach
  void open() throws SQLException {
    store.emptied();
    epoch = store.raiseEpoch();
    store.journal().loadOpen(epoch, new LoadedRows());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void nothingOfTheTenantIsLeftAndNothingOfOthersIsGone() throws SQLException {
    List<TaskId> closed = endedTasks(CLOSED);
    List<TaskId> others = endedTasks(OTHER);

    long erased = eraser.erase(epoch, CLOSED);
    store.journal().loadOpen(epoch, new LoadedRows());

    assertThat(erased).isEqualTo(closed.size());
    assertThat(rowsThatMention(CLOSED, closed)).isEmpty();
    assertThat(rowsThatMention(OTHER, others))
        .contains(
            "task",
            "task_spec",
            "attempt",
            "result",
            "token_use",
            "dead_letter",
            "request_key",
            "event_log",
            "decision",
            "shape_wait",
            "agent",
            "agent_command",
            "shape",
            "shard_user",
            "tenant_budget",
            "tenant_tier");
  }

  @Test
  void tenantWithOpenTasksIsNotTouched() throws SQLException {
    endedTasks(CLOSED);
    BatchDraft draft = memory.next();
    draft.admit(CLOSED, "");
    store.journal().commit(epoch, draft.done());
    long before = store.number("SELECT count(*) FROM task");

    assertThatThrownBy(() -> eraser.erase(epoch, CLOSED))
        .isInstanceOf(TenantEraser.OpenTasks.class);

    assertThat(store.number("SELECT count(*) FROM task")).isEqualTo(before);
  }

  @Test
  void tenantWithAnAgentThatHasABodyIsNotTouched() throws SQLException {
    endedTasks(CLOSED);
    store.execute("UPDATE agent SET body_task = gen_random_uuid()");

    assertThatThrownBy(() -> eraser.erase(epoch, CLOSED))
        .isInstanceOf(TenantEraser.OpenTasks.class);
  }

  @Test
  void oldEpochErasesNothing() throws SQLException {
    List<TaskId> tasks = endedTasks(CLOSED);
    store.raiseEpoch();

    assertThatThrownBy(() -> eraser.erase(epoch, CLOSED))
        .isInstanceOf(JournalException.EpochLost.class);

    assertThat(store.number("SELECT count(*) FROM task")).isEqualTo(tasks.size());
  }

  /** One that succeeded, one that failed, and something in every table. */
  private List<TaskId> endedTasks(String tenant) throws SQLException {
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    TaskId succeeded = draft.admit(memory.newId(), tenant, tenant + "-key", lease);
    TaskId failed = draft.admit(memory.newId(), tenant, "", lease);
    draft.shape(tenant.length(), tenant).wait(tenant.length(), tenant, "no worker");
    store.journal().commit(epoch, draft.decision(tenant, "why").done());
    BatchDraft next = memory.next();
    next.succeed(succeeded, lease, "fine");
    next.end(failed, lease, AttemptState.FAILED, "output").deadLetter(failed, 1);
    next.tokens(succeeded, 1, "small", 1, 2);
    next.change(failed, new TaskProgress(TaskState.FAILED, 0, 1, 0, lease, 1));
    store.journal().commit(epoch, next.done());
    store.execute(
        "INSERT INTO agent (id, tenant, principal, request_id, spec, traceparent, state, body)"
            + " VALUES (gen_random_uuid(), '%s', 'me', '', '', '', 5, 1)".formatted(tenant));
    store.execute(
        "INSERT INTO agent_command (agent, command_id, position, tenant, principal, words,"
            + " traceparent, state, body) SELECT id, 'c', 1, tenant, 'me', '', '', 3, 1 FROM agent"
            + " WHERE tenant = '%s'".formatted(tenant));
    store.execute(
        "INSERT INTO shard_user (tenant, name, shard, day) VALUES ('%s', 'ada', 1, 20000)"
            .formatted(tenant));
    new PgTierBook(store.database(), StoreDatabase.CELL, StoreDatabase.ROLE)
        .put(epoch, new TenantTier(tenant, Tier.FREE, 1), "me");
    new PgBudgetBook(store.database(), StoreDatabase.CELL, StoreDatabase.ROLE)
        .put(epoch, new TenantBudget(tenant, new Budget(5, "USD")), "me");
    return List.of(succeeded, failed);
  }

  /** Looks into every row of every table. */
  private List<String> rowsThatMention(String tenant, List<TaskId> ids) throws SQLException {
    List<String> found = new ArrayList<>();
    for (String table : tables()) {
      for (String text : List.of(tenant, ids.getFirst().toString(), ids.getLast().toString())) {
        String query =
            "SELECT count(*) FROM %s AS t WHERE t::text LIKE '%%%s%%'".formatted(table, text);
        if (store.number(query) > 0 && !found.contains(table)) {
          found.add(table);
        }
      }
    }
    return found;
  }

  private List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = store.database().open();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                        + " AND relnamespace = current_schema()::regnamespace")) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }
}
