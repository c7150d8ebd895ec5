package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.BatchDraft;
import dev.weft.router.app.LoadedRows;
import dev.weft.router.app.agent.AgentBook;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.agent.Spending;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent has cost is read of its bodies' tasks, and kept when these are over. */
@WithPostgres
class AgentSpendingIT {
  private static final long PRICE = 3_600_000_000L;
  private static final AgentId AGENT = new AgentId(new UUID(7, 1));

  private final StoreDatabase store;
  private final AgentBook agents;
  private final BatchDraft.Memory memory = new BatchDraft.Memory();
  private long epoch;

  AgentSpendingIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
    agents = store.agents();
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
  void aBodyThatRunsCostsFromItsLeaseOnAndLeasesThatWereGivenBackCount() {
    priced();
    TaskId body = memory.newId();
    opened(body);
    assertThat(spending()).isEqualTo(Spending.NONE);
    BatchDraft draft = memory.next();
    LeaseRef first = draft.lease(1);
    draft.admit(body, BatchDraft.TENANT, "", first);
    store.journal().commit(epoch, draft.done());

    assertThat(spending().present())
        .singleElement()
        .matches(it -> it.currency().equals("USD") && it.microsPerHour() == PRICE)
        .matches(it -> it.until().isEmpty());
    assertThat(spending().perHour("USD")).isEqualTo(PRICE);

    BatchDraft again = memory.next();
    again.end(body, first, AttemptState.LOST, null);
    again.change(body, new TaskProgress(TaskState.LEASED, 0, 0, 1, again.lease(2), 0));
    store.journal().commit(epoch, again.done());

    assertThat(spending().present()).hasSize(2);
    assertThat(spending().present()).filteredOn(it -> it.until().isPresent()).hasSize(1);
    assertThat(spending().perHour("USD")).isEqualTo(PRICE);
  }

  @Test
  void whatABodyCostIsKeptWhenItsTaskIsNotAnyMore() throws SQLException {
    priced();
    TaskId body = memory.newId();
    opened(body);
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    draft.admit(body, BatchDraft.TENANT, "", lease);
    store.journal().commit(epoch, draft.done());
    store.journal().commit(epoch, memory.next().succeed(body, lease, "done").done());
    Spending before = spending();
    assertThat(before.present()).singleElement().matches(it -> it.until().isPresent());

    Agent asleep = ended();

    store.execute("TRUNCATE task, task_old, attempt, attempt_old");
    assertThat(asleep.past().spending().present()).isEmpty();
    assertThat(asleep.past().spending().by(Instant.MAX)).isEqualTo(before.by(Instant.MAX));
    assertThat(before.by(Instant.MAX).get("USD").micros()).isPositive();
    assertThat(agents.agent(AGENT)).contains(asleep);
  }

  @Test
  void timeOnAWorkerWithoutAPriceIsKnownAsSuch() {
    TaskId body = memory.newId();
    opened(body);
    BatchDraft draft = memory.next();
    LeaseRef lease = draft.lease(1);
    draft.admit(body, BatchDraft.TENANT, "", lease);
    store.journal().commit(epoch, draft.done());
    store.journal().commit(epoch, memory.next().succeed(body, lease, "done").done());

    Agent asleep = ended();

    assertThat(asleep.past().spending().by(Instant.MAX).keySet()).containsExactly("");
    assertThat(agents.agent(AGENT)).contains(asleep);
  }

  private void priced() {
    store
        .prices()
        .keep(epoch, List.of(new SeenPrice(BatchDraft.WORKER, "w", PRICE, "USD", Duration.ZERO)));
  }

  private void opened(TaskId body) {
    Agent.Origin origin =
        new Agent.Origin(BatchDraft.TENANT, "me", "", Document.EMPTY, "", Optional.empty());
    agents.open(epoch, Agent.spawned(AGENT, origin, body, Instant.EPOCH), 1);
  }

  private Agent ended() {
    BodyStatus idle =
        new BodyStatus.Finished(
            BodyStatus.Cause.IDLE, Optional.empty(), Optional.empty(), Set.of());
    return agents
        .change(
            epoch,
            AGENT,
            (stored, now) -> AgentLife.seen(stored, idle, new Moment(now, new TaskId(1, 1))))
        .orElseThrow();
  }

  private Spending spending() {
    return agents.agent(AGENT).orElseThrow().past().spending();
  }
}
