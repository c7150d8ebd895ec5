package dev.weft.router.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.app.agent.AgentBook.CommandEnd;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.agent.Command.State;
import dev.weft.router.domain.agent.CommandResult;
import dev.weft.router.domain.agent.CommandStatus;
import dev.weft.router.domain.task.Document;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a store of agents keeps of their commands. */
public abstract class AgentCommandContract extends AgentRows {

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

  private CommandStatus status(Agent agent, String id, String program) {
    return command(agent, id, program, 0).status();
  }

  private AgentBook.Taken take(Agent agent, int body) {
    return book.take(epoch, agent.id(), body, (stored, _) -> stored).orElseThrow();
  }

  /** The change is the keeper's: it knows no body but the first. */
  private Agent finish(Agent agent, int body, Set<String> begun) {
    StoredAgents.Decision decision =
        (stored, at) -> body == 1 ? AgentLife.seen(stored, idle(), at) : stored;
    return book.finish(epoch, agent.id(), body, begun, change(decision)).orElseThrow();
  }
}
