package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.app.CellFixture;
import dev.weft.router.app.agent.AgentBook.Change;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** Agents in a store, for those who say what it keeps. */
abstract class AgentRows {

  static final Problem PROBLEM =
      new Problem(14, "WORKER_LOST", "gone", Map.of("worker", "w", "how", "silence"));
  static final WorkerId WORKER = new WorkerId(new UUID(5, 5));

  AgentBook book;
  CellFixture cell;
  long epoch;
  private long nextId;

  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    cell = emptyCell();
    book = cell.agents();
    epoch = cell.raiseEpoch();
  }

  AgentBook.Accepted command(Agent agent, String id, String program, int body) {
    return book.accept(epoch, agent.id(), words(id, program), body, change(AgentLife::commanded))
        .orElseThrow();
  }

  Agent running(Agent agent) {
    return seen(agent, new BodyStatus.Running(WORKER));
  }

  static BodyStatus idle() {
    return new BodyStatus.Finished(
        BodyStatus.Cause.IDLE, Optional.empty(), Optional.empty(), Set.of());
  }

  Agent seen(Agent agent, BodyStatus status) {
    return change(agent, (stored, at) -> AgentLife.seen(stored, status, at));
  }

  Agent change(Agent agent, StoredAgents.Decision decision) {
    return book.change(epoch, agent.id(), change(decision)).orElseThrow();
  }

  Change change(StoredAgents.Decision decision) {
    return (stored, now) -> decision.decide(stored, new Moment(now, task()));
  }

  Agent opened(String tenant, String requestId) {
    return book.open(epoch, agent(tenant, requestId, "spec"), 1_000).agent();
  }

  Agent agent(String tenant, String requestId, String spec) {
    return Agent.spawned(id(), origin(tenant, requestId, spec), task(), Instant.EPOCH);
  }

  static Agent.Origin origin(String tenant, String requestId, String spec) {
    return new Agent.Origin(tenant, "me", requestId, document(spec), "trace", Optional.empty());
  }

  AgentId id() {
    return new AgentId(new UUID(7, ++nextId));
  }

  TaskId task() {
    return new TaskId(3, ++nextId);
  }

  static Command words(String id, String program) {
    return new Command(id, document(program), "me", "trace-" + id);
  }

  static Document document(String text) {
    return Document.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static void refused(Reason reason, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AgentRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }
}
