package dev.weft.router.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.agent.AgentLife.Errand;
import dev.weft.router.domain.agent.AgentLife.Moment;
import dev.weft.router.domain.agent.AgentRefusal.Reason;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.BodyStatus.Broken;
import dev.weft.router.domain.agent.BodyStatus.Cause;
import dev.weft.router.domain.agent.BodyStatus.Finished;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentLifeTest {

  private static final WorkerId WORKER = new WorkerId(new UUID(0, 1));
  private static final WorkerId OTHER = new WorkerId(new UUID(0, 2));
  private static final Problem PROBLEM = new Problem(10, "BROKEN", "broken", Map.of());

  private Instant now = Instant.ofEpochSecond(1_000_000);
  private long nextTask = 1;

  @Test
  void aFirstBodyIsProvisionedAndRuns() {
    Agent pending = spawned();
    assertThat(AgentLife.errand(pending, new BodyStatus.Absent())).isEqualTo(Errand.SUBMIT);
    assertThat(seen(pending, new BodyStatus.Absent())).isSameAs(pending);
    assertThat(seen(pending, new BodyStatus.Waiting())).isSameAs(pending);

    Agent provisioning = seen(pending, new BodyStatus.Leased(WORKER));
    assertThat(provisioning.state().phase()).isEqualTo(Phase.PROVISIONING);
    assertThat(seen(provisioning, new BodyStatus.Leased(WORKER))).isSameAs(provisioning);
    Agent elsewhere = seen(provisioning, new BodyStatus.Leased(OTHER));
    assertThat(elsewhere.body().orElseThrow().worker()).contains(OTHER);
    assertThat(elsewhere.stamps().since()).isEqualTo(provisioning.stamps().since());
    assertThat(seen(provisioning, new BodyStatus.Waiting()).state().phase())
        .isEqualTo(Phase.PENDING);

    Agent running = seen(provisioning, new BodyStatus.Running(WORKER));
    assertThat(running.state().phase()).isEqualTo(Phase.RUNNING);
    assertThat(running.body().orElseThrow().started()).contains(now);
    assertThat(seen(running, new BodyStatus.Running(WORKER))).isSameAs(running);
    assertThat(AgentLife.errand(running, new BodyStatus.Running(WORKER))).isEqualTo(Errand.NONE);
  }

  @Test
  void whatEndedUnseenIsUnderstoodAllTheSame() {
    assertThat(seen(spawned(), finished(Cause.IDLE, "art_1")).state().phase())
        .isEqualTo(Phase.HIBERNATED);
    assertThat(seen(spawned(), new BodyStatus.Running(WORKER)).state().phase())
        .isEqualTo(Phase.RUNNING);
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void aBodyThatEndsByItselfLeavesItsWorkspace(Cause cause) {
    Agent after = seen(running(), finished(cause, "art_1"));

    assertThat(after.past().snapshot().orElseThrow().artifact()).isEqualTo("art_1");
    assertThat(after.state().phase())
        .isEqualTo(cause == Cause.DRAINED ? Phase.WAKING : Phase.HIBERNATED);
    assertThat(after.past().bodies()).isEqualTo(cause == Cause.DRAINED ? 2 : 1);
  }

  @Test
  void whatCouldNotBeStoredLeavesTheLastThatWas() {
    Agent stored = AgentLife.stored(running(), snapshot(1, "art_1", 5), moment());

    Agent after =
        seen(stored, new Finished(Cause.IDLE, Optional.empty(), Optional.of(PROBLEM), Set.of()));

    assertThat(after.past().snapshot().orElseThrow().artifact()).isEqualTo("art_1");
    assertThat(after.past().problem()).contains(PROBLEM);
  }

  @Test
  void theLastWorkspaceOfABodyCountsWhateverItsWorkersClockSaid() {
    Agent stored = AgentLife.stored(running(), snapshot(1, "art_early", 9_000_000), moment());
    Agent next = seen(stored, finished(Cause.DRAINED, "art_last"));
    assertThat(next.past().snapshot().orElseThrow().artifact()).isEqualTo("art_last");

    Agent second = seen(next, new BodyStatus.Running(OTHER));
    Agent newer = AgentLife.stored(second, snapshot(2, "art_next", 1), moment());
    assertThat(newer.past().snapshot().orElseThrow().artifact()).isEqualTo("art_next");
    assertThat(AgentLife.stored(newer, snapshot(2, "art_older", 0), moment())).isSameAs(newer);
    refused(Reason.STALE_BODY, () -> AgentLife.stored(newer, snapshot(1, "art_x", 99), moment()));
  }

  @Test
  void whoHasQueuedCommandsDoesNotSleep() {
    Agent busy = running().queued(1);

    assertThat(seen(busy, finished(Cause.IDLE, "art_1")).state().phase()).isEqualTo(Phase.WAKING);
  }

  @Test
  void threeBodiesInARowThatDieYoungAreEnough() {
    Agent agent = diedYoung(diedYoung(spawned()));
    assertThat(agent.state().phase()).isEqualTo(Phase.WAKING);
    assertThat(agent.past().bodies()).isEqualTo(3);

    Agent failed = diedYoung(agent);

    assertThat(failed.state().phase()).isEqualTo(Phase.FAILED);
    assertThat(failed.past().problem()).contains(PROBLEM);
    assertThat(failed.body()).isEmpty();
  }

  @Test
  void aBodyThatItsTenantCouldNotPayForDiedOfNoFaultOfTheAgent() {
    Problem unpaid = new Problem(8, "BUDGET_EXHAUSTED", "spent", Map.of("scope", "tenant"));
    Agent agent = diedYoung(diedYoung(spawned()));

    for (int i = 0; i < 3; i++) {
      agent = seen(seen(agent, new BodyStatus.Running(WORKER)), new Broken(unpaid));
      assertThat(agent.state().phase()).isEqualTo(Phase.WAKING);
    }

    assertThat(agent.past().youngDeaths()).isEqualTo(2);
    assertThat(diedYoung(agent).state().phase()).isEqualTo(Phase.FAILED);
  }

  @Test
  void bodiesThatNeverStartAreTriedForLongerAndEverMoreSeldom() {
    Agent agent = spawned();
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < AgentLife.MOST_FALSE_STARTS; i++) {
      agent = seen(agent, new Broken(PROBLEM));
      assertThat(agent.state().phase()).isEqualTo(Phase.PENDING);
      pauses.add(AgentLife.pause(agent).toSeconds());
    }

    assertThat(pauses).containsExactly(0L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    assertThat(seen(agent, new Broken(PROBLEM)).state().phase()).isEqualTo(Phase.FAILED);
  }

  @Test
  void whoHasAWorkspaceSleepsInsteadOfFailingAndMayBeWokenToTryAgain() {
    Agent stored = AgentLife.stored(running(), snapshot(1, "art_1", 5), moment());
    Agent unlucky = seen(stored, new Broken(PROBLEM)).queued(1);
    for (int i = 2; i < AgentLife.MOST_FALSE_STARTS; i++) {
      unlucky = seen(unlucky, new Broken(PROBLEM));
    }
    Agent crashing = diedYoung(diedYoung(seen(stored, new Broken(PROBLEM))));
    Agent unplaced = seen(stored, new BodyStatus.Hopeless(PROBLEM));

    for (Agent one : List.of(seen(unlucky, new Broken(PROBLEM)), crashing, unplaced)) {
      assertThat(one.state().phase()).isEqualTo(Phase.HIBERNATED);
      assertThat(one.past().problem()).contains(PROBLEM);
      assertThat(one.past().snapshot()).isEqualTo(stored.past().snapshot());
      Agent woken = AgentLife.wake(one, moment());
      assertThat(AgentLife.pause(woken)).isZero();
      assertThat(seen(woken, new Broken(PROBLEM)).state().phase()).isEqualTo(Phase.WAKING);
    }
  }

  @Test
  void aBodyThatHasLivedForgivesThoseBeforeIt() {
    Agent agent = seen(seen(running(), new Broken(PROBLEM)), new Broken(PROBLEM));
    agent = seen(agent, new BodyStatus.Running(WORKER));
    now = now.plus(AgentLife.YOUNG);

    agent = seen(agent, new Broken(PROBLEM));

    assertThat(agent.state().phase()).isEqualTo(Phase.WAKING);
    assertThat(agent.past().youngDeaths()).isZero();
  }

  @Test
  void whoWasToHibernateAndLostItsBodySleeps() {
    Agent hibernating = AgentLife.hibernate(running(), moment());

    assertThat(seen(hibernating, new Broken(PROBLEM)).state().phase()).isEqualTo(Phase.HIBERNATED);
    assertThat(seen(hibernating, finished(Cause.DRAINED, "art_1")).state().phase())
        .isEqualTo(Phase.HIBERNATED);
    Agent wakes = AgentLife.wake(hibernating, moment());
    assertThat(seen(wakes, finished(Cause.HIBERNATED, "art_1")).state().phase())
        .isEqualTo(Phase.WAKING);
    assertThat(AgentLife.hibernate(wakes, moment()).state()).isEqualTo(hibernating.state());
  }

  @Test
  void whatCanNeverBePlacedIsOver() {
    Agent failed = seen(spawned(), new BodyStatus.Hopeless(PROBLEM));

    assertThat(failed.state().phase()).isEqualTo(Phase.FAILED);
    assertThat(failed.past().problem()).contains(PROBLEM);
  }

  @Test
  void aTaskThatCanNotBeIsReplacedByOneThatCan() {
    Agent first = spawned();

    Agent next = seen(first, new BodyStatus.Unusable());

    assertThat(next.state().phase()).isEqualTo(Phase.PENDING);
    assertThat(next.body().orElseThrow().task()).isNotEqualTo(first.body().orElseThrow().task());
    assertThat(next.body().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void wishesAreHeardWhereTheyMakeSense() {
    Agent pending = spawned();
    refused(Reason.AGENT_NOT_RUNNING, () -> AgentLife.hibernate(pending, moment()));
    assertThat(AgentLife.wake(pending, moment())).isSameAs(pending);
    Agent asleep = seen(running(), finished(Cause.IDLE, "art_1"));
    assertThat(AgentLife.hibernate(asleep, moment())).isSameAs(asleep);
    Agent waking = AgentLife.wake(asleep, moment());
    assertThat(waking.body().orElseThrow().number()).isEqualTo(2);
    assertThat(AgentLife.wake(waking, moment())).isSameAs(waking);
    refused(Reason.AGENT_NOT_RUNNING, () -> AgentLife.hibernate(waking, moment()));
    assertThat(AgentLife.commanded(asleep, moment()).state().phase()).isEqualTo(Phase.WAKING);
  }

  @Test
  void whoIsTerminatedIsOverAtOnceAndItsBodyIsBuriedWhenItHasEnded() {
    Agent over = AgentLife.terminate(running(), PROBLEM, moment());
    assertThat(over.over()).isTrue();
    assertThat(over.livingBody()).isZero();
    assertThat(AgentLife.terminate(over, PROBLEM, moment())).isSameAs(over);
    assertThat(AgentLife.errand(over, new BodyStatus.Running(WORKER))).isEqualTo(Errand.CANCEL);
    assertThat(AgentLife.errand(over, new BodyStatus.Ending())).isEqualTo(Errand.NONE);
    assertThat(AgentLife.errand(over, new BodyStatus.Absent())).isEqualTo(Errand.NONE);
    assertThat(seen(over, new BodyStatus.Running(WORKER))).isSameAs(over);

    assertThat(seen(over, new BodyStatus.Cancelled(PROBLEM)).body()).isEmpty();
    assertThat(seen(over, finished(Cause.IDLE, "art_1")).state().phase())
        .isEqualTo(Phase.TERMINATED);
    refused(Reason.AGENT_OVER, () -> AgentLife.wake(over, moment()));
    refused(Reason.AGENT_OVER, () -> AgentLife.hibernate(over, moment()));
    refused(Reason.AGENT_OVER, () -> AgentLife.commanded(over, moment()));
  }

  @Test
  void theHomeWithTheFewestIsChosenAndOfThoseTheFirst() {
    Map<String, Integer> homes = Map.of("a:1", 2, "b:1", 1, "gone:1", 0);

    assertThat(HomeChoice.of(List.of("a:1", "b:1"), homes)).contains("b:1");
    assertThat(HomeChoice.of(List.of("d:1", "c:1", "b:1"), homes)).contains("c:1");
    assertThat(HomeChoice.of(List.of(), homes)).isEmpty();
  }

  private Agent running() {
    return seen(spawned(), new BodyStatus.Running(WORKER));
  }

  private Agent diedYoung(Agent agent) {
    return seen(seen(agent, new BodyStatus.Running(WORKER)), new Broken(PROBLEM));
  }

  @Test
  void theLastThreeWorkersOfItsBodiesAreRememberedTheLastOneFirst() {
    Agent agent = spawned();
    for (int worker : new int[] {1, 2, 1, 3, 4}) {
      agent = seen(agent, new BodyStatus.Running(new WorkerId(new UUID(0, worker))));
      now = now.plus(AgentLife.YOUNG.plusSeconds(1));
      agent = seen(agent, new Broken(PROBLEM));
    }

    assertThat(agent.past().workers())
        .containsExactly(
            new WorkerId(new UUID(0, 4)),
            new WorkerId(new UUID(0, 3)),
            new WorkerId(new UUID(0, 1)));
  }

  private Agent spawned() {
    return Agent.spawned(
        new AgentId(new UUID(9, 9)),
        new Agent.Origin("acme", "me", "", Document.EMPTY, "", Optional.empty()),
        task(),
        now);
  }

  private Agent seen(Agent agent, BodyStatus status) {
    return AgentLife.seen(agent, status, moment());
  }

  private Moment moment() {
    return new Moment(now, task());
  }

  private TaskId task() {
    return new TaskId(1, nextTask++);
  }

  private static Finished finished(Cause cause, String artifact) {
    return new Finished(cause, Optional.of(snapshot(1, artifact, 3)), Optional.empty(), Set.of());
  }

  private static Snapshot snapshot(int body, String artifact, long second) {
    return new Snapshot(
        body, artifact, Document.EMPTY, Instant.ofEpochSecond(second), 1, Optional.empty());
  }

  private static void refused(Reason reason, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AgentRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }
}
