package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.app.CellFixture;
import dev.weft.router.app.JournalException;
import dev.weft.router.app.agent.AgentBook.Change;
import dev.weft.router.app.agent.AgentBook.CommandEnd;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.Command.State;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.agent.CommandStatus;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store of agents keeps. */
public abstract class AgentContract {

  private static final Problem PROBLEM =
      new Problem(14, "WORKER_LOST", "gone", Map.of("worker", "w", "how", "silence"));
  private static final WorkerId WORKER = new WorkerId(new UUID(5, 5));

  private AgentBook book;
  private CellFixture cell;
  private long epoch;
  private long nextId;

  protected abstract CellFixture emptyCell() throws Exception;

  @BeforeEach
  void open() throws Exception {
    cell = emptyCell();
    book = cell.agents();
    epoch = cell.raiseEpoch();
  }

  @Test
  void whatIsStoredIsReadAsItWasStored() {
    Agent opened = opened("acme", "");
    assertThat(book.agent(opened.id())).contains(opened);
    assertThat(opened.state().phase()).isEqualTo(Phase.PENDING);
    assertThat(opened.stamps().created()).isEqualTo(opened.stamps().since());

    Agent running = running(opened);
    assertThat(book.agent(opened.id())).contains(running);
    Snapshot snapshot =
        new Snapshot(
            1, "art_1", document("digest"), Instant.ofEpochSecond(9), 3, Optional.of(PROBLEM));
    Agent stored = change(opened, (agent, at) -> AgentLife.stored(agent, snapshot, at));
    Agent moved = change(opened, (agent, _) -> agent.movedTo("gw:1"));
    assertThat(moved.home().epoch()).isEqualTo(1);
    assertThat(moved.past().snapshot()).contains(snapshot);
    Agent hibernating = change(opened, AgentLife::hibernate);
    Agent waking = change(opened, AgentLife::wake);
    assertThat(book.agent(opened.id())).contains(waking);
    assertThat(waking.state()).isNotEqualTo(hibernating.state());
    Agent next = seen(opened, new BodyStatus.Broken(PROBLEM));
    assertThat(book.agent(opened.id())).contains(next);
    assertThat(next.past().problem()).contains(PROBLEM);
    assertThat(next.stamps().revision()).isGreaterThan(stored.stamps().revision());
    Agent over = change(opened, (agent, at) -> AgentLife.terminate(agent, PROBLEM, at));
    assertThat(book.agent(opened.id())).contains(over);
    assertThat(over.body()).isEqualTo(next.body());
  }

  @Test
  void aChangeThatChangesNothingIsNotWritten() {
    Agent opened = opened("acme", "");

    assertThat(change(opened, (agent, _) -> agent)).isEqualTo(opened);

    assertThat(book.agent(opened.id())).contains(opened);
  }

  @Test
  void openingTwiceIsOpeningOnce() {
    Agent first = agent("acme", "r-1", "spec");
    assertThat(book.open(epoch, first, 1).existing()).isFalse();

    assertThat(book.open(epoch, first, 1).existing()).isTrue();
    AgentBook.Opened again = book.open(epoch, agent("acme", "r-1", "spec"), 1);
    assertThat(again.existing()).isTrue();
    assertThat(again.agent().id()).isEqualTo(first.id());
    refused(Reason.REQUEST_ID_REUSED, () -> book.open(epoch, agent("acme", "r-1", "other"), 1));
    assertThat(book.open(epoch, agent("other", "r-1", "other"), 1).existing()).isFalse();
  }

  @Test
  void aForkBeginsWithTheOthersWorkspaceAndSaysWhoseItIs() {
    Agent source = opened("acme", "");
    Snapshot taken =
        new Snapshot(
            4, "art_1", document("digest"), Instant.ofEpochSecond(9), 3, Optional.of(PROBLEM));
    Agent.Origin origin = forkOf(source, "f-1");
    Agent fork = Agent.forked(id(), origin, Optional.of(taken), task(), Instant.EPOCH);

    Agent stored = book.open(epoch, fork, 5).agent();

    assertThat(book.agent(fork.id())).contains(stored);
    assertThat(stored.origin().forkedFrom()).contains(source.id());
    assertThat(stored.past().snapshot().orElseThrow().artifact()).isEqualTo("art_1");
    assertThat(stored.past().snapshot().orElseThrow().isInherited()).isTrue();
    Agent again = Agent.forked(id(), origin, Optional.empty(), task(), Instant.EPOCH);
    assertThat(book.open(epoch, again, 5)).isEqualTo(new AgentBook.Opened(stored, true));
    Agent another =
        Agent.forked(id(), forkOf(fork, "f-1"), Optional.of(taken), task(), Instant.EPOCH);
    refused(Reason.REQUEST_ID_REUSED, () -> book.open(epoch, another, 5));
    running(fork);
    Snapshot own =
        new Snapshot(1, "art_2", document("d"), Instant.ofEpochSecond(1), 3, Optional.empty());
    assertThat(change(fork, (agent, at) -> AgentLife.stored(agent, own, at)).past().snapshot())
        .contains(own);
  }

  @Test
  void whatCameOfACommandIsKept() {
    Agent agent = running(opened("acme", ""));
    command(agent, "a", "one", 1);
    assertThat(book.result(agent.id(), "a").orElseThrow().over()).isFalse();

    book.settle(
        epoch, agent.id(), new CommandEnd("a", 1, 3, Optional.of(PROBLEM), document("what")));

    assertThat(book.result(agent.id(), "a"))
        .contains(
            new CommandResult(
                new CommandStatus(State.ENDED, 1, 3), Optional.of(PROBLEM), document("what")));
    assertThat(book.result(agent.id(), "b")).isEmpty();
    assertThat(book.result(id(), "a")).isEmpty();
  }

  @Test
  void anotherTenantsIdOpensNothing() {
    Agent first = opened("acme", "");
    Agent thief = Agent.spawned(first.id(), origin("other", "", "spec"), task(), Instant.EPOCH);

    refused(Reason.AGENT_NOT_FOUND, () -> book.open(epoch, thief, 5));
  }

  @Test
  void aTenantHasNoMoreLivingAgentsThanItMay() throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> tries = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Agent one = agent("acme", "", "spec");
        tries.add(callers.submit(() -> opens(one)));
      }
      int opened = 0;
      for (Future<Boolean> one : tries) {
        opened += one.get() ? 1 : 0;
      }
      assertThat(opened).isEqualTo(2);
    }
    Agent any = book.page(page("acme", Set.of(), Optional.empty(), 1)).getFirst();
    change(any, (agent, at) -> AgentLife.terminate(agent, PROBLEM, at));

    assertThat(opens(agent("acme", "", "spec"))).isTrue();
  }

  @Test
  void anOldEpochWritesNothing() {
    Agent opened = opened("acme", "");
    cell.raiseEpoch();

    assertThatThrownBy(() -> change(opened, AgentLife::wake))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThatThrownBy(() -> book.open(epoch, agent("acme", "", "spec"), 9))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThatThrownBy(() -> command(opened, "c", "true", 0))
        .isInstanceOf(JournalException.EpochLost.class);
    assertThat(book.agent(opened.id())).contains(opened);
  }

  @Test
  void agentsAreListedNewestFirstByPagesAndPhases() {
    Agent first = opened("acme", "");
    Agent second = running(opened("acme", ""));
    Agent third = opened("acme", "");
    opened("other", "");

    assertThat(book.page(page("acme", Set.of(), Optional.empty(), 2)))
        .containsExactly(third, second);
    assertThat(book.page(page("acme", Set.of(), Optional.of(second.id()), 2)))
        .containsExactly(first);
    assertThat(book.page(page("acme", Set.of(Phase.RUNNING), Optional.empty(), 9)))
        .containsExactly(second);
    assertThat(book.living()).isEqualTo(Map.of(Phase.PENDING, 3, Phase.RUNNING, 1));
  }

  @Test
  void thoseWithABodyAreFoundUntilItsEndIsKnown() {
    Agent asleep = running(opened("acme", ""));
    Agent over = running(opened("acme", ""));
    Agent alive = opened("other", "");
    seen(asleep, idle());
    change(over, (agent, at) -> AgentLife.terminate(agent, PROBLEM, at));

    assertThat(ids(book.embodied(Optional.empty(), 10))).containsExactly(over.id(), alive.id());
    assertThat(ids(book.embodied(Optional.empty(), 1))).containsExactly(over.id());
    assertThat(ids(book.embodied(Optional.of(over.id()), 10))).containsExactly(alive.id());
    seen(over, new BodyStatus.Cancelled(PROBLEM));
    assertThat(ids(book.embodied(Optional.empty(), 10))).containsExactly(alive.id());
  }

  @Test
  void homesOfLivingAgentsAreCounted() {
    Agent first = opened("acme", "");
    Agent second = opened("acme", "");
    opened("acme", "");
    for (Agent one : List.of(first, second)) {
      change(one, (agent, _) -> agent.movedTo("gw:1"));
    }
    change(second, (agent, at) -> AgentLife.terminate(agent, PROBLEM, at));

    assertThat(book.homes()).isEqualTo(Map.of("gw:1", 1));
  }

  @Test
  void aCommandWaitsUntilABodyTakesIt() {
    Agent agent = running(opened("acme", ""));
    var first = command(agent, "a", "one", 0);
    assertThat(first.status()).isEqualTo(new CommandStatus(State.QUEUED, 0, 0));
    assertThat(first.agent().queued()).isEqualTo(1);
    command(agent, "b", "two", 0);

    var taken = take(agent, 1);

    assertThat(taken.commands()).extracting(Command::id).containsExactly("a", "b");
    assertThat(taken.commands().getFirst()).isEqualTo(words("a", "one"));
    assertThat(taken.agent().queued()).isZero();
    assertThat(taken.agent().stamps().revision()).isGreaterThan(first.agent().stamps().revision());
    assertThat(command(agent, "c", "three", 1).status())
        .isEqualTo(new CommandStatus(State.GIVEN, 1, 0));
    book.settle(
        epoch, agent.id(), new CommandEnd("b", 1, 3, Optional.of(PROBLEM), document("what")));
    assertThat(take(agent, 1).commands()).extracting(Command::id).containsExactly("a", "c");
  }

  @Test
  void theSameCommandIsStoredOnceAndItsFirstEndCounts() {
    Agent agent = running(opened("acme", ""));
    command(agent, "a", "one", 1);
    assertThat(command(agent, "a", "one", 1).existing()).isTrue();
    refused(Reason.COMMAND_ID_REUSED, () -> command(agent, "a", "other", 1));

    book.settle(epoch, agent.id(), new CommandEnd("a", 2, 9, Optional.empty(), Document.EMPTY));
    book.settle(epoch, agent.id(), new CommandEnd("a", 1, 3, Optional.empty(), Document.EMPTY));
    book.settle(epoch, agent.id(), new CommandEnd("a", 1, 0, Optional.empty(), Document.EMPTY));

    assertThat(command(agent, "a", "one", 1).status())
        .isEqualTo(new CommandStatus(State.ENDED, 1, 3));
  }

  @Test
  void whenABodyEndsItsCommandsAreInterruptedAndThoseThatWaitGoToTheNext() {
    Agent agent = running(opened("acme", ""));
    command(agent, "given", "one", 1);
    command(agent, "waits", "two", 0);

    Agent next = seen(agent, new BodyStatus.Broken(PROBLEM));

    assertThat(next.queued()).isEqualTo(1);
    assertThat(status(agent, "given", "one").state()).isEqualTo(State.INTERRUPTED);
    assertThat(status(agent, "waits", "two").state()).isEqualTo(State.QUEUED);
    assertThat(book.interrupted(agent.id(), 1)).containsExactly("given");
    assertThat(book.interrupted(agent.id(), 2)).isEmpty();
    book.settle(epoch, agent.id(), new CommandEnd("given", 1, 0, Optional.empty(), Document.EMPTY));
    assertThat(status(agent, "given", "one").state()).isEqualTo(State.INTERRUPTED);
    assertThat(book.given(agent.id(), 2)).isEmpty();
    assertThat(take(agent, 2).commands()).extracting(Command::id).containsExactly("waits");
    assertThat(book.given(agent.id(), 2)).extracting(Command::id).containsExactly("waits");
    assertThat(book.given(agent.id(), 1)).isEmpty();
  }

  @Test
  void whatABodyThatEndedByItselfDidNotBeginWaitsForTheNext() {
    Agent agent = running(opened("acme", ""));
    for (String id : List.of("begun", "ended", "not begun")) {
      command(agent, id, "one", 1);
    }
    book.settle(epoch, agent.id(), new CommandEnd("ended", 1, 3, Optional.empty(), Document.EMPTY));

    finish(agent, 2, Set.of());
    assertThat(status(agent, "not begun", "one").state()).isEqualTo(State.GIVEN);
    Agent next = finish(agent, 1, Set.of("begun", "never heard of"));

    assertThat(next.state().phase()).isEqualTo(Phase.WAKING);
    assertThat(next.queued()).isEqualTo(1);
    assertThat(book.agent(agent.id())).contains(next);
    assertThat(status(agent, "begun", "one").state()).isEqualTo(State.INTERRUPTED);
    assertThat(status(agent, "ended", "one")).isEqualTo(new CommandStatus(State.ENDED, 1, 3));
    assertThat(book.interrupted(agent.id(), 1)).containsExactly("begun");
    assertThat(take(agent, 2).commands()).extracting(Command::id).containsExactly("not begun");
  }

  @Test
  void whatIsOverInterruptsAllThatIsOpenAndWhoSleepsIsWoken() {
    Agent agent = running(opened("acme", ""));
    seen(agent, idle());
    Agent woken = command(agent, "a", "one", 1).agent();
    assertThat(woken.state().phase()).isEqualTo(Phase.WAKING);
    assertThat(woken.livingBody()).isEqualTo(2);
    assertThat(woken.queued()).isEqualTo(1);

    Agent over = change(agent, (one, at) -> AgentLife.terminate(one, PROBLEM, at));

    assertThat(over.queued()).isZero();
    assertThat(status(agent, "a", "one").state()).isEqualTo(State.INTERRUPTED);
    refused(Reason.AGENT_OVER, () -> command(agent, "b", "one", 0));
  }

  @Test
  void whoIsToHibernateIsGivenNothingMore() {
    Agent agent = running(opened("acme", ""));
    change(agent, AgentLife::hibernate);

    assertThat(command(agent, "a", "one", 1).status().state()).isEqualTo(State.QUEUED);
    assertThat(take(agent, 1).commands()).isEmpty();
    assertThat(seen(agent, idle()).state().phase()).isEqualTo(Phase.WAKING);
  }

  @Test
  void aHundredCommandsAreOpenAndNoMoreWhetherABodyHasThemOrNot() {
    Agent agent = running(opened("acme", ""));
    for (int i = 0; i < 60; i++) {
      command(agent, "g" + i, "one", 1);
    }
    for (int i = 0; i < 40; i++) {
      command(agent, "c" + i, "one", 0);
    }

    refused(Reason.COMMANDS_FULL, () -> command(agent, "more", "one", 0));
    refused(Reason.COMMANDS_FULL, () -> command(agent, "more", "one", 1));

    assertThat(command(agent, "c39", "one", 0).existing()).isTrue();
    assertThat(book.agent(agent.id()).orElseThrow().queued()).isEqualTo(40);
    book.settle(epoch, agent.id(), new CommandEnd("g0", 1, 0, Optional.empty(), Document.EMPTY));
    assertThat(command(agent, "more", "one", 1).existing()).isFalse();
  }

  @Test
  void nobodyHasWhatIsNotThere() {
    AgentId nobody = new AgentId(new UUID(1, 1));

    assertThat(book.agent(nobody)).isEmpty();
    assertThat(book.change(epoch, nobody, (agent, _) -> agent)).isEmpty();
    assertThat(book.accept(epoch, nobody, words("a", "b"), 0, (agent, _) -> agent)).isEmpty();
    assertThat(book.take(epoch, nobody, 1, (agent, _) -> agent)).isEmpty();
    assertThat(book.interrupted(nobody, 1)).isEmpty();
    assertThat(book.finish(epoch, nobody, 1, Set.of(), (agent, _) -> agent)).isEmpty();
    book.settle(epoch, nobody, new CommandEnd("a", 1, 0, Optional.empty(), Document.EMPTY));
  }

  private boolean opens(Agent one) {
    try {
      book.open(epoch, one, 2);
      return true;
    } catch (AgentRefusal e) {
      assertThat(e.reason()).isEqualTo(Reason.AGENT_QUOTA);
      return false;
    }
  }

  private CommandStatus status(Agent agent, String id, String program) {
    return command(agent, id, program, 0).status();
  }

  private AgentBook.Accepted command(Agent agent, String id, String program, int body) {
    return book.accept(epoch, agent.id(), words(id, program), body, change(AgentLife::commanded))
        .orElseThrow();
  }

  private AgentBook.Taken take(Agent agent, int body) {
    return book.take(epoch, agent.id(), body, (stored, _) -> stored).orElseThrow();
  }

  private Agent running(Agent agent) {
    return seen(agent, new BodyStatus.Running(WORKER));
  }

  /** The change is the keeper's: it knows no body but the first. */
  private Agent finish(Agent agent, int body, Set<String> begun) {
    StoredAgents.Decision decision =
        (stored, at) -> body == 1 ? AgentLife.seen(stored, idle(), at) : stored;
    return book.finish(epoch, agent.id(), body, begun, change(decision)).orElseThrow();
  }

  private static BodyStatus idle() {
    return new BodyStatus.Finished(
        BodyStatus.Cause.IDLE, Optional.empty(), Optional.empty(), Set.of());
  }

  private Agent seen(Agent agent, BodyStatus status) {
    return change(agent, (stored, at) -> AgentLife.seen(stored, status, at));
  }

  private Agent change(Agent agent, StoredAgents.Decision decision) {
    return book.change(epoch, agent.id(), change(decision)).orElseThrow();
  }

  private Change change(StoredAgents.Decision decision) {
    return (stored, now) -> decision.decide(stored, new Moment(now, task()));
  }

  private Agent opened(String tenant, String requestId) {
    return book.open(epoch, agent(tenant, requestId, "spec"), 1_000).agent();
  }

  private Agent agent(String tenant, String requestId, String spec) {
    return Agent.spawned(id(), origin(tenant, requestId, spec), task(), Instant.EPOCH);
  }

  private static Agent.Origin origin(String tenant, String requestId, String spec) {
    return new Agent.Origin(tenant, "me", requestId, document(spec), "trace", Optional.empty());
  }

  private Agent.Origin forkOf(Agent source, String requestId) {
    return new Agent.Origin(
        "acme", "me", requestId, document("spec"), "trace", Optional.of(source.id()));
  }

  private AgentId id() {
    return new AgentId(new UUID(7, ++nextId));
  }

  private TaskId task() {
    return new TaskId(3, ++nextId);
  }

  private static AgentBook.Page page(
      String tenant, Set<Phase> phases, Optional<AgentId> before, int size) {
    return new AgentBook.Page(tenant, phases, before, size);
  }

  private static List<AgentId> ids(List<Agent> agents) {
    return agents.stream().map(Agent::id).toList();
  }

  private static Command words(String id, String program) {
    return new Command(id, document(program), "me", "trace-" + id);
  }

  private static Document document(String text) {
    return Document.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(Reason reason, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AgentRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }
}
