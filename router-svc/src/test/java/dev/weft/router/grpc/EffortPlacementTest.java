package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.PlacedEffort;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.ScoredCandidate;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.placement.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks with a complexity among a local worker and one of the cloud's, each with four slots. */
class EffortPlacementTest {

  private static final TaskSpec SHELL =
      TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true")).build();

  private final RouterFixture router = new RouterFixture().holding();
  private final CellCalls calls = new CellCalls(router);
  private final TestWorker local = joined(2, false);
  private final TestWorker cloud = joined(1, true);

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void simpleWorkFillsTheLocalWorkerSpillsOverWaitsAndTakesWhateverRoomComes() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ids.add(accepted(Complexity.COMPLEXITY_SIMPLE));
    }
    for (int i = 0; i < 8; i++) {
      (i < 4 ? local : cloud).awaitAssignment(ids.get(i));
    }

    String waiting = accepted(Complexity.COMPLEXITY_MEDIUM);
    assertThat(calls.fetch(waiting).getWaitingReason()).contains("2 workers fit but are full");
    cloud.succeed(cloud.awaitAssignment(ids.get(7)).getKey(), TaskResult.getDefaultInstance());

    assertThat(cloud.awaitAssignment(waiting)).isNotNull();
  }

  @Test
  void complexWorkGoesToTheCloudFirst() throws Exception {
    String id = accepted(Complexity.COMPLEXITY_COMPLEX);

    TaskSpec told = TaskSpec.parseFrom(cloud.awaitAssignment(id).getSpec());
    assertThat(told.getShell().getEnvironmentMap()).containsEntry("WEFT_MODEL_TIER", "large");
  }

  @Test
  void whySaysWhatTheComplexityMeantAndHowEachPlaceSuited() {
    String id = accepted(Complexity.COMPLEXITY_AUTO);
    local.awaitAssignment(id);

    Decision decision = calls.decisions(id).getFirst();

    assertThat(decision.getEffort())
        .isEqualTo(
            PlacedEffort.newBuilder()
                .setComplexity(Complexity.COMPLEXITY_SIMPLE)
                .setClassified(true)
                .setModelTier("small")
                .setPlaceOrder("LOCAL_FIRST")
                .build());
    assertThat(decision.getCandidatesList())
        .extracting(ScoredCandidate::getPlace)
        .containsExactly(1.0, 0.0);
    String unsaid = accepted(Complexity.COMPLEXITY_UNSPECIFIED);
    assertThat(calls.decisions(unsaid).getFirst().hasEffort()).isFalse();
    assertThat(calls.decisions(unsaid).getFirst().getCandidates(0).hasPlace()).isFalse();
  }

  @Test
  void anEmergencyTakesTheNextRoomBeforeWhatWaitedLonger() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ids.add(accepted(Complexity.COMPLEXITY_SIMPLE));
    }
    String first = local.awaitAssignment(ids.getFirst()).getKey().getTaskId();
    String waiting = accepted(Complexity.COMPLEXITY_SIMPLE);
    String urgent = accepted(Complexity.COMPLEXITY_EMERGENCY);
    assertThat(calls.fetch(waiting).getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);

    local.succeed(local.awaitAssignment(first).getKey(), TaskResult.getDefaultInstance());

    assertThat(local.awaitAssignment(urgent)).isNotNull();
    assertThat(calls.fetch(waiting).getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
  }

  @Test
  void anEmergencyIsPlacedAnywhereAndRefusedInAnotherClassThanP0() {
    SubmissionResult refused =
        router.submit(
            router
                .submission()
                .setSpec(
                    SHELL.toBuilder()
                        .setComplexity(Complexity.COMPLEXITY_EMERGENCY)
                        .setPriorityClass(PriorityClass.PRIORITY_CLASS_P1)));

    assertThat(refused.getProblem().getReason()).isEqualTo("INVALID_FIELD");
    assertThat(refused.getProblem().getMessage())
        .contains("priority_class: P1 (expected: P0 or none with complexity EMERGENCY)");
    String urgent = accepted(Complexity.COMPLEXITY_EMERGENCY);
    assertThat(calls.decisions(urgent).getFirst().getEffort().getPlaceOrder())
        .isEqualTo("ANYWHERE");
  }

  private TestWorker joined(int number, boolean inCloud) {
    Site site = new Site("us", 50, 0, "USD", inCloud);
    return router
        .worker(number, Workers.view(number, Map.of("SHELL_OPERATIONS", 800), site))
        .greeted();
  }

  private String accepted(Complexity complexity) {
    return router
        .submit(router.submission().setSpec(SHELL.toBuilder().setComplexity(complexity)))
        .getAccepted()
        .getTask()
        .getId();
  }
}
