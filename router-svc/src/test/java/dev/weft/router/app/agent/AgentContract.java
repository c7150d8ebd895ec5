package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.app.JournalException;
import dev.weft.router.app.agent.AgentBook.CommandEnd;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentRefusal;
import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.agent.Snapshot;
import dev.weft.router.domain.task.Document;
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
import org.junit.jupiter.api.Test;

/** What a store of agents keeps. */
public abstract class AgentContract extends AgentRows {

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

  private Agent.Origin forkOf(Agent source, String requestId) {
    return new Agent.Origin(
        "acme", "me", requestId, document("spec"), "trace", Optional.of(source.id()));
  }

  private static AgentBook.Page page(
      String tenant, Set<Phase> phases, Optional<AgentId> before, int size) {
    return new AgentBook.Page(tenant, phases, before, size);
  }

  private static List<AgentId> ids(List<Agent> agents) {
    return agents.stream().map(Agent::id).toList();
  }
}
