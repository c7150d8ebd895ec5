package dev.weft.router.grpc;

import static dev.weft.router.grpc.CellCalls.assertReason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.id.IdGenerator;
import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.agents.v1.AgentStart;
import dev.weft.proto.agents.v1.AgentState;
import dev.weft.proto.agents.v1.StartPhase;
import dev.weft.proto.internal.agent.v1.AgentWish;
import dev.weft.proto.internal.agent.v1.CommandState;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.tasks.v1.BodyEndCause;
import dev.weft.proto.tasks.v1.ScoredCandidate;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.domain.agent.Agent.Origin;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentLife;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents' lives through a whole router. */
class AgentLifeServiceTest {

  private static final String ARTIFACT = AgentCalls.ARTIFACT;

  private final RouterFixture router = new RouterFixture().holding();
  private final AgentCalls agents = new AgentCalls(router);
  private final CellCalls tasks = new CellCalls(router);

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void anAgentRunsInATaskOfItsOwn() throws Exception {
    TestWorker worker = router.worker(1).greeted();
    Agent opened = agents.open(AgentCalls.request()).getAgent();
    String id = opened.getAgentId();
    assertThat(opened.getState()).isEqualTo(AgentState.AGENT_STATE_PENDING);
    assertThat(opened.getStart().getPhase()).isEqualTo(StartPhase.START_PHASE_WAITING);
    assertThat(opened.getStart().getBeganAt()).isEqualTo(opened.getCreatedAt());
    assertThat(opened.getStart().hasUsual()).isFalse();

    var assignment = agents.assigned(worker, id, 1);
    Agent provisioning = agents.await(id, AgentState.AGENT_STATE_PROVISIONING);
    assertThat(provisioning.getWorkerId()).isEqualTo(WireIds.text(Workers.id(1)));
    assertThat(provisioning.getStart().getPhase()).isEqualTo(StartPhase.START_PHASE_PREPARING);
    worker.started(assignment.getKey());
    Agent running = agents.await(id, AgentState.AGENT_STATE_RUNNING);

    assertThat(running.hasStart()).isFalse();
    assertThat(running.getBody()).isEqualTo(1);
    assertThat(running.getBodyTaskId()).isEqualTo(assignment.getKey().getTaskId());
    TaskSpec spec = TaskSpec.parseFrom(assignment.getSpec());
    assertThat(spec.getAgent().getAgentId()).isEqualTo(id);
    assertThat(spec.getAgent().getBody()).isEqualTo(1);
    assertThat(spec.getAgent().getIdleTimeout().getSeconds()).isEqualTo(900);
    assertThat(spec.getRetryPolicy().getMaxRetries()).isZero();
    assertThat(router.agentParts.submitted).hasValue(1);
  }

  @Test
  void whatIsIdleSleepsAndWakesInAnotherBodyWithItsWorkspace() throws Exception {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey first = agents.running(worker, id, 1);

    worker.succeed(first, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_IDLE, ARTIFACT));
    Agent asleep = agents.await(id, AgentState.AGENT_STATE_HIBERNATED);
    assertThat(asleep.getBodyTaskId()).isEmpty();
    assertThat(asleep.getWorkerId()).isEmpty();
    assertThat(asleep.getSnapshot().getArtifactId()).isEqualTo(ARTIFACT);
    assertThat(asleep.getSnapshot().getPaths()).isEqualTo(7);

    assertThat(agents.steer(id, AgentWish.AGENT_WISH_WAKE).getState())
        .isEqualTo(AgentState.AGENT_STATE_WAKING);
    var second = agents.assigned(worker, id, 2);
    TaskSpec spec = TaskSpec.parseFrom(second.getSpec());
    assertThat(spec.getWorkspaceArtifact()).isEqualTo(ARTIFACT);
    assertThat(spec.getAgent().getBody()).isEqualTo(2);
    assertThat(
            router
                .leases()
                .checkLease(
                    CheckLeaseRequest.newBuilder()
                        .setWorkerId(WireIds.text(Workers.id(1)))
                        .setLease(second.getKey())
                        .build())
                .getArtifactIdsList())
        .containsExactly(ARTIFACT);
    worker.started(second.getKey());
    agents.await(id, AgentState.AGENT_STATE_RUNNING, 2);
  }

  @Test
  void whoWakesGoesBackToTheWorkerThatHasItsFilesAndTheDecisionSaysSo() {
    TestWorker lastBody = router.worker(2).greeted();
    String id = agents.spawned();
    AttemptKey first = agents.running(lastBody, id, 1);
    lastBody.succeed(first, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_IDLE, ARTIFACT));
    agents.await(id, AgentState.AGENT_STATE_HIBERNATED);
    // Alike in all and first by its id, it would get what nobody has the files of.
    router.worker(1).greeted();

    agents.steer(id, AgentWish.AGENT_WISH_WAKE);

    AttemptKey second = agents.assigned(lastBody, id, 2).getKey();
    assertThat(tasks.decisions(second.getTaskId()).getFirst().getCandidatesList())
        .extracting(ScoredCandidate::getFiles)
        .containsExactly(1.0, 0.0);
    assertThat(tasks.decisions(first.getTaskId()).getFirst().getCandidates(0).hasFiles()).isFalse();
  }

  @Test
  void whatEarlierStartsTookIsToldOfTheNext() {
    TestWorker worker = router.worker(1).greeted();
    for (int i = 0; i < 3; i++) {
      String id = agents.spawned();
      AttemptKey key = agents.running(worker, id, 1);
      agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);
      worker.cancelled(key);
    }

    AgentStart start = agents.fetch(agents.spawned()).getStart();

    assertThat(start.getStarts()).isEqualTo(3);
    assertThat(start.hasUsual()).isTrue();
    assertThat(start.getLatest().getSeconds()).isBetween(start.getUsual().getSeconds(), 60L);
  }

  @Test
  void aPlacerThatTakesOverTellsWhatTheStartsOfThoseTookThatLive() {
    router.standsBy();
    for (int i = 0; i < 3; i++) {
      AgentId id = new AgentId(UUID.randomUUID());
      TaskId task = TaskId.of(new IdGenerator(0, Instant::now, new Random()).next());
      Origin origin = new Origin("other", "me", "", Document.EMPTY, "", Optional.empty());
      router.agents.open(router.store.epoch(), spawned(id, origin, task, Instant.EPOCH), 3);
      router.agents.change(
          router.store.epoch(),
          id,
          (stored, now) ->
              AgentLife.seen(
                  stored,
                  new BodyStatus.Running(Workers.id(1)),
                  new AgentLife.Moment(now, new TaskId(1, 1))));
    }

    router.holding();

    Awaitility.await()
        .untilAsserted(
            () -> {
              String id = agents.spawned();
              int starts = agents.fetch(id).getStart().getStarts();
              agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);
              assertThat(starts).isEqualTo(3);
            });
  }

  @Test
  void aCommandThatCameWhileItsBodyEndedIsRunByTheNext() {
    TestWorker worker = router.worker(1).greeted();
    agents.beat("gw-1:7110");
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);
    agents.command(id, "begun", 1);
    agents.command(id, "late", 1);

    worker.succeed(
        key, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_IDLE, ARTIFACT, "begun", "\u0000"));

    agents.running(worker, id, 2);
    assertThat(agents.take(id, 2, agents.locate(id).getEpoch())).containsExactly("late");
    assertThat(agents.command(id, "begun", 2).getState())
        .isEqualTo(CommandState.COMMAND_STATE_INTERRUPTED);
  }

  @Test
  void whoIsToHibernateIsToldSoAndWakesAfterItIfThatWasWishedMeanwhile() {
    TestWorker worker = router.worker(1).greeted();
    agents.beat("gw-1:7110");
    String id = agents.spawned();
    assertReason("AGENT_NOT_RUNNING", () -> agents.steer(id, AgentWish.AGENT_WISH_HIBERNATE));
    AttemptKey key = agents.running(worker, id, 1);
    assertThat(agents.find(1, key).getHibernate()).isFalse();

    agents.steer(id, AgentWish.AGENT_WISH_HIBERNATE);
    assertThat(agents.find(1, key).getHibernate()).isTrue();
    agents.steer(id, AgentWish.AGENT_WISH_WAKE);
    worker.succeed(key, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_HIBERNATED, ARTIFACT));

    agents.running(worker, id, 2);
  }

  @Test
  void aDrainedBodyIsFollowedByTheNextAtOnce() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);

    worker.succeed(key, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_DRAINED, ARTIFACT));

    agents.running(worker, id, 2);
    assertThat(agents.fetch(id).getSnapshot().getArtifactId()).isEqualTo(ARTIFACT);
  }

  @Test
  void aBodyThatDiesIsReplacedAndAfterThreeThatDieYoungItSleepsOnItsWorkspace() throws Exception {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);
    agents.snapshot(id, 1, ARTIFACT, 1_000);
    worker.fail(key, "SANDBOX_FAILED");

    AttemptKey second = agents.running(worker, id, 2);
    Agent now = agents.fetch(id);
    assertThat(now.getProblem().getReason()).isEqualTo("SANDBOX_FAILED");
    assertThat(now.getSnapshot().getArtifactId()).isEqualTo(ARTIFACT);
    worker.fail(second, "SANDBOX_FAILED");
    TaskSpec third = TaskSpec.parseFrom(agents.assigned(worker, id, 3).getSpec());
    assertThat(third.getNotBefore().getSeconds()).isEqualTo(2);
    worker.fail(agents.running(worker, id, 3), "SANDBOX_FAILED");

    Agent asleep = agents.await(id, AgentState.AGENT_STATE_HIBERNATED);
    assertThat(asleep.getProblem().getReason()).isEqualTo("SANDBOX_FAILED");
    assertThat(asleep.getSnapshot().getArtifactId()).isEqualTo(ARTIFACT);
    assertThat(router.agentParts.broken).hasValue(3);
    LetterCalls letters = new LetterCalls(router, worker);
    assertThat(LetterCalls.reason(() -> letters.redrive(key.getTaskId())))
        .isEqualTo("INVALID_FIELD");
    agents.steer(id, AgentWish.AGENT_WISH_WAKE);
    agents.running(worker, id, 4);
  }

  @Test
  void whoIsTerminatedIsOverAtOnceAndItsBodyIsCancelled() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);

    Agent over = agents.steer(id, AgentWish.AGENT_WISH_TERMINATE);

    assertThat(over.getState()).isEqualTo(AgentState.AGENT_STATE_TERMINATED);
    assertThat(over.getProblem().getMessage()).isEqualTo("enough");
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(worker.frames)
                    .anyMatch(
                        frame -> frame.getCancelsList().toString().contains(key.getTaskId())));
    assertThat(agents.steer(id, AgentWish.AGENT_WISH_TERMINATE)).isEqualTo(over);
    assertReason("AGENT_OVER", () -> agents.locate(id));
  }

  @Test
  void aBodyThatSomebodyCancelsIsReplaced() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    Task task = tasks.end(agents.assigned(worker, id, 1).getKey().getTaskId());
    assertThat(task.getState()).isNotEqualTo(TaskState.TASK_STATE_RUNNING);
    worker.cancelled(agents.assigned(worker, id, 1).getKey());

    agents.running(worker, id, 2);
    assertThat(agents.fetch(id).getProblem().getReason()).isEqualTo("CANCELLED_BY_USER");
  }

  @Test
  void aPlacerThatTakesOverFinishesWhatTheOneBeforeHadBegun() {
    TestWorker worker = router.worker(1).greeted();
    String running = agents.spawned();
    AttemptKey key = agents.running(worker, running, 1);
    router.standsBy();
    assertReason("NOT_HOLDER", () -> agents.fetch(running));
    assertReason("NOT_HOLDER", () -> agents.beat("gw-1:7110"));

    router.holding();
    TestWorker again = router.dial(1);
    again.send(worker.hello().addRunning(key));
    Awaitility.await().untilAsserted(() -> assertThat(again.welcomes).isNotEmpty());
    again.succeed(key, AgentCalls.ended(BodyEndCause.BODY_END_CAUSE_IDLE, ARTIFACT));

    agents.await(running, AgentState.AGENT_STATE_HIBERNATED);
  }

  @Test
  void aBodyThatWasStoredAndNotSubmittedIsSubmittedByTheNextPlacer() {
    router.standsBy();
    AgentId id = new AgentId(UUID.randomUUID());
    TaskId task = TaskId.of(new IdGenerator(0, Instant::now, new Random()).next());
    Origin origin = new Origin("acme", "me", "", Document.EMPTY, "", Optional.empty());
    router.agents.open(router.store.epoch(), spawned(id, origin, task, Instant.EPOCH), 1);

    router.holding();
    TestWorker worker = router.worker(1).greeted();

    assertThat(agents.running(worker, WireIds.text(id), 1).getTaskId())
        .isEqualTo(WireIds.text(task));
  }

  @Test
  void aTaskThatIsTooOldToBeSubmittedIsReplaced() {
    router.standsBy();
    AgentId id = new AgentId(UUID.randomUUID());
    TaskId old = TaskId.of(new IdGenerator(0, () -> Instant.EPOCH, new Random()).next());
    Origin origin = new Origin("acme", "me", "", Document.EMPTY, "", Optional.empty());
    router.agents.open(router.store.epoch(), spawned(id, origin, old, Instant.EPOCH), 1);

    router.holding();

    agents.running(router.worker(1).greeted(), WireIds.text(id), 2);
  }

  @Test
  void aRouterWhoseClockIsWrongMintsTheNextBodyByTheDatabases() {
    router.agentParts.skew = Duration.ofHours(1);

    agents.running(router.worker(1).greeted(), agents.spawned(), 2);
  }

  @Test
  void whoWasTerminatedJustBeforeTheCrashLeavesNoBodyBehind() {
    TestWorker worker = router.worker(1).greeted();
    String id = agents.spawned();
    AttemptKey key = agents.running(worker, id, 1);
    router.standsBy();
    router.agents.change(
        router.store.epoch(),
        WireIds.agent(id),
        (stored, now) ->
            AgentLife.terminate(
                stored,
                new Problem(1, "AGENT_TERMINATED", "over", Map.of()),
                new AgentLife.Moment(now, new TaskId(1, 1))));

    router.holding();
    TestWorker again = router.dial(1);
    again.send(worker.hello().addRunning(key));

    Awaitility.await()
        .untilAsserted(
            () -> assertThat(again.frames).anyMatch(frame -> frame.getCancelsList().contains(key)));
    again.cancelled(key);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(router.agents.agent(WireIds.agent(id)).orElseThrow().body()).isEmpty());
  }

  private static dev.weft.router.domain.agent.Agent spawned(
      AgentId id, Origin origin, TaskId task, Instant now) {
    return dev.weft.router.domain.agent.Agent.spawned(id, origin, task, now);
  }
}
