package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.WorkspaceCapture;
import dev.weft.router.domain.placement.Workers;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseGrpcServiceTest {

  private static final String ARTIFACT = "art_01hzzzzzzzzzzzzzzzzzzzzzzz";
  private static final String WORKER = WireIds.text(Workers.id(1));

  private static final TaskSpec CARRYING =
      TaskSpec.newBuilder()
          .setShell(ShellExecutor.newBuilder().addArgv("true"))
          .setWorkspaceArtifact(ARTIFACT)
          .setWorkspaceCapture(WorkspaceCapture.WORKSPACE_CAPTURE_CHANGES)
          .addSecrets("TOKEN=secret://deploy.key")
          .addSecrets("AGAIN=secret://deploy.key")
          .build();

  private static final CheckLeaseResponse OF_LOG =
      CheckLeaseResponse.newBuilder().setTenant("acme").build();

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aHeldLeaseEntitlesToWhatItsTaskNamesAndNothingElse() {
    AttemptKey key = leased(router.worker(1).greeted());

    CheckLeaseResponse response = check(WORKER, key);

    assertThat(response.getTenant()).isEqualTo("acme");
    assertThat(response.getArtifactIdsList()).containsExactly(ARTIFACT);
    assertThat(response.getSecretNamesList()).containsExactly("deploy.key");
  }

  @Test
  void whatMemoryHasForgottenIsRead() {
    TestWorker worker = router.worker(1).greeted();
    AttemptKey key = leased(worker);
    router.placer.lost();
    router.placer.acquired(router.store.raiseEpoch());
    Awaitility.await().until(router.placer::holding);
    router.dial(1).send(worker.hello().addRunning(key));

    assertThat(check(WORKER, key).getArtifactIdsList()).containsExactly(ARTIFACT);
  }

  @Test
  void noOtherFenceWorkerOrTaskHoldsIt() {
    AttemptKey key = leased(router.worker(1).greeted());

    assertReason("LEASE_NOT_HELD", () -> check(WireIds.text(Workers.id(2)), key));
    assertReason(
        "LEASE_NOT_HELD",
        () -> check(WORKER, key.toBuilder().setFence(key.getFence() + 1).build()));
    assertReason(
        "LEASE_NOT_HELD",
        () -> check(WORKER, key.toBuilder().setTaskId(router.submission().getTaskId()).build()));
    assertReason("INVALID_FIELD", () -> check("wkr_nonsense", key));
    assertReason("INVALID_FIELD", () -> check(WORKER, AttemptKey.getDefaultInstance()));
  }

  @Test
  void anEndedAttemptHoldsNothing() {
    TestWorker worker = router.worker(1).greeted();
    AttemptKey key = leased(worker);

    worker.succeed(key, TaskResult.getDefaultInstance());

    Awaitility.await()
        .untilAsserted(() -> assertReason("LEASE_NOT_HELD", () -> check(WORKER, key)));
  }

  @Test
  void anEndedAttemptsLogMayBeFinishedByItsWorkerAndThatIsAll() {
    TestWorker worker = router.worker(1).greeted();
    AttemptKey key = leased(worker);
    assertThat(checkLog(WORKER, key)).isEqualTo(OF_LOG);

    worker.succeed(key, TaskResult.getDefaultInstance());
    Awaitility.await()
        .untilAsserted(() -> assertReason("LEASE_NOT_HELD", () -> check(WORKER, key)));

    assertThat(checkLog(WORKER, key)).isEqualTo(OF_LOG);
    assertReason("LEASE_NOT_HELD", () -> checkLog(WireIds.text(Workers.id(2)), key));
    assertReason(
        "LEASE_NOT_HELD",
        () -> checkLog(WORKER, key.toBuilder().setFence(key.getFence() + 1).build()));
  }

  @Test
  void aReplicaThatDoesNotHoldTheCellSaysSo() {
    AttemptKey key = leased(router.worker(1).greeted());
    router.placer.lost();

    assertReason("NOT_HOLDER", () -> check(WORKER, key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TOKEN", "TOKEN=hunter2", "=secret://a", "1A=secret://a", "A=secret://a/b", ""})
  void aSecretThatIsNoReferenceIsRefusedWithoutBeingRepeated(String text) {
    TaskSpec spec = CARRYING.toBuilder().clearSecrets().addSecrets(text).build();

    var problem = router.submit(router.submission().setSpec(spec)).getProblem();

    assertThat(problem.getReason()).isEqualTo("INVALID_FIELD");
    assertThat(problem.toString()).doesNotContain("hunter2");
  }

  @Test
  void aWorkspaceThatIsNoArtifactIsRefused() {
    TaskSpec spec = CARRYING.toBuilder().setWorkspaceArtifact("/home/me/project").build();

    var problem = router.submit(router.submission().setSpec(spec)).getProblem();

    assertThat(problem.getReason()).isEqualTo("INVALID_FIELD");
  }

  private AttemptKey leased(TestWorker worker) {
    var answer = router.submit(router.submission().setSpec(CARRYING));
    assertThat(answer.hasAccepted()).as("%s", answer).isTrue();
    return worker.awaitAssignment(answer.getAccepted().getTask().getId()).getKey();
  }

  private CheckLeaseResponse checkLog(String worker, AttemptKey key) {
    return router
        .leases()
        .checkLease(
            CheckLeaseRequest.newBuilder()
                .setWorkerId(worker)
                .setLease(key)
                .setLogOnly(true)
                .build());
  }

  private CheckLeaseResponse check(String worker, AttemptKey key) {
    return router
        .leases()
        .checkLease(CheckLeaseRequest.newBuilder().setWorkerId(worker).setLease(key).build());
  }

  private static void assertReason(String reason, Callable<?> call) {
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> assertThat(StatusMapper.fromStatus(failure).reason()).isEqualTo(reason));
  }
}
