package dev.weft.gateway.grpc;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.CancelTaskRequest;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.ListDecisionsRequest;
import dev.weft.proto.tasks.v1.ListTasksRequest;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.tasks.v1.WatchTaskResponse;
import dev.weft.proto.workers.v1.DrainWorkerRequest;
import dev.weft.proto.workers.v1.GetWorkerRequest;
import dev.weft.proto.workers.v1.ListWorkersRequest;
import dev.weft.proto.workers.v1.WatchWorkersRequest;
import dev.weft.proto.workers.v1.WatchWorkersResponse;
import dev.weft.proto.workers.v1.WorkerServiceGrpc;
import dev.weft.proto.workers.v1.WorkerServiceGrpc.WorkerServiceBlockingStub;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks and workers at the public gRPC port of a real gateway. */
class PublicGrpcIT {

  private static GrpcDoor door;

  @BeforeAll
  static void connect() {
    door = new GrpcDoor();
  }

  @AfterAll
  static void disconnect() {
    door.close();
  }

  @AfterEach
  void everyFailedAnswerHadItsDetails() {
    door.verify();
  }

  @Test
  void aTaskIsSubmittedReadListedExplainedAndCancelled() {
    SubmitTaskResponse submitted = tasks().submitTask(noop());
    String id = submitted.getTask().getId();

    assertThat(tasks().getTask(GetTaskRequest.newBuilder().setTaskId(id).build()).getTask().getId())
        .isEqualTo(id);
    assertThat(
            tasks()
                .listTasks(ListTasksRequest.newBuilder().setPageSize(1000).build())
                .getTasksList())
        .anyMatch(task -> task.getId().equals(id));
    assertThat(
            tasks()
                .listDecisions(ListDecisionsRequest.newBuilder().setTaskId(id).build())
                .getDecisionsCount())
        .isEqualTo(1);
    assertThat(
            tasks()
                .cancelTask(CancelTaskRequest.newBuilder().setTaskId(id).build())
                .getTask()
                .getState())
        .isEqualTo(TaskState.TASK_STATE_CANCELLED);
  }

  @Test
  void whatComesTogetherIsForwardedInBatches() throws Exception {
    neighbourhood().placer.slowMillis = 50;
    int before = neighbourhood().placer.batches.size();
    try {
      List<CompletableFuture<SubmitTaskResponse>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(submitAsync());
      }
      for (CompletableFuture<SubmitTaskResponse> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS).getTask().getId()).startsWith("tsk_");
      }
    } finally {
      neighbourhood().placer.slowMillis = 0;
    }

    List<Integer> batches =
        neighbourhood().placer.batches.subList(before, neighbourhood().placer.batches.size());
    assertThat(batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(200);
    assertThat(batches).hasSizeLessThan(40);
  }

  @Test
  void aRefusedFieldHasItsViolation() throws InvalidProtocolBufferException {
    StatusRuntimeException refusal =
        GrpcDoor.refused(
            () ->
                tasks()
                    .submitTask(
                        SubmitTaskRequest.newBuilder()
                            .setSpec(TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder()))
                            .build()));

    MeshProblem problem = StatusMapper.fromStatus(refusal);
    assertThat(problem.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(problem.reason()).isEqualTo("INVALID_FIELD");
    assertThat(problem.metadata()).containsEntry("field", "spec.shell.argv");
    Any detail = StatusProto.fromThrowable(refusal).getDetails(1);
    assertThat(detail.unpack(BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("spec.shell.argv");
  }

  @Test
  void aFieldOfALaterReleaseIsUnimplemented() {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setNoop(NoopExecutor.newBuilder())
            .setNetworkAccess(NetworkAccess.NETWORK_ACCESS_ALLOW)
            .build();

    MeshProblem problem =
        GrpcDoor.problem(
            () -> tasks().submitTask(SubmitTaskRequest.newBuilder().setSpec(spec).build()));

    assertThat(problem.code()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(problem.metadata()).containsEntry("field", "spec.network_access");
  }

  @Test
  void anotherTenantsOrUnknownTaskIsNotFound() {
    MeshProblem problem =
        GrpcDoor.problem(
            () ->
                tasks()
                    .getTask(
                        GetTaskRequest.newBuilder()
                            .setTaskId("tsk_01k00000000000000000000000")
                            .build()));

    assertThat(problem.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(problem.reason()).isEqualTo("TASK_NOT_FOUND");
  }

  @Test
  void healthAndReflectionAreOpen() {
    assertThat(
            HealthGrpc.newBlockingStub(door.channel)
                .check(
                    HealthCheckRequest.newBuilder().setService("weft.tasks.v1.TaskService").build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(Reflection.services(door.channel))
        .contains(
            TaskServiceGrpc.SERVICE_NAME,
            WorkerServiceGrpc.SERVICE_NAME,
            JoinServiceGrpc.SERVICE_NAME,
            "grpc.health.v1.Health")
        .noneMatch(name -> name.startsWith("weft.internal"));
  }

  @Test
  void aTaskIsWatchedToItsEnd() {
    String id = tasks().submitTask(noop()).getTask().getId();
    neighbourhood().placer.emit(id, TaskState.TASK_STATE_RUNNING);
    neighbourhood().placer.breakAfter = 2;
    Iterator<WatchTaskResponse> events =
        tasks().watchTask(WatchTaskRequest.newBuilder().setTaskId(id).build());
    List<String> cursors = new ArrayList<>();
    cursors.add(events.next().getEvent().getCursor());
    cursors.add(events.next().getEvent().getCursor());

    neighbourhood().placer.emit(id, TaskState.TASK_STATE_SUCCEEDED);
    events.forEachRemaining(step -> cursors.add(step.getEvent().getCursor()));

    assertThat(cursors).containsExactly("c1", "c2", "c3");
  }

  @Test
  void aWatcherThatLeavesIsLeft() {
    String id = tasks().submitTask(noop()).getTask().getId();
    int before = neighbourhood().placer.following();
    Context.CancellableContext reader = Context.current().withCancellation();
    reader.run(() -> tasks().watchTask(WatchTaskRequest.newBuilder().setTaskId(id).build()).next());
    assertThat(neighbourhood().placer.following()).isEqualTo(before + 1);

    reader.cancel(null);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> neighbourhood().placer.following() == before);
  }

  @Test
  void workersAreListedReadWatchedAndDrained() {
    assertThat(workers().listWorkers(ListWorkersRequest.getDefaultInstance()).getWorkersCount())
        .isEqualTo(2);
    assertThat(
            workers()
                .getWorker(GetWorkerRequest.newBuilder().setWorkerId("sandbox-01").build())
                .getWorker()
                .getId())
        .isEqualTo("wkr_01k0000000000000000000000b");
    Iterator<WatchWorkersResponse> steps =
        workers().watchWorkers(WatchWorkersRequest.getDefaultInstance());
    assertThat(
            List.of(
                steps.next().getStepCase(), steps.next().getStepCase(), steps.next().getStepCase()))
        .containsExactly(
            WatchWorkersResponse.StepCase.WORKER,
            WatchWorkersResponse.StepCase.WORKER,
            WatchWorkersResponse.StepCase.SNAPSHOT_END);

    workers().drainWorker(DrainWorkerRequest.newBuilder().setWorkerId("gpu-tokyo-01").build());

    assertThat(neighbourhood().placer.drains.getLast().getWorkerId())
        .isEqualTo("wkr_01k0000000000000000000000a");
    assertThat(neighbourhood().placer.drains.getLast().getGrace().getSeconds()).isEqualTo(120);
    assertThat(
            GrpcDoor.problem(
                    () ->
                        workers()
                            .getWorker(GetWorkerRequest.newBuilder().setWorkerId("nobody").build()))
                .reason())
        .isEqualTo("WORKER_NOT_FOUND");
  }

  @Test
  void aBatchMayBeEmptyForNobody() {
    MeshProblem problem =
        GrpcDoor.problem(
            () -> tasks().batchSubmitTasks(BatchSubmitTasksRequest.getDefaultInstance()));

    assertThat(problem.metadata()).containsEntry("field", "requests");
  }

  private static CompletableFuture<SubmitTaskResponse> submitAsync() {
    CompletableFuture<SubmitTaskResponse> answer = new CompletableFuture<>();
    TaskServiceGrpc.newStub(door.authorized())
        .submitTask(
            noop(),
            new StreamObserver<>() {
              @Override
              public void onNext(SubmitTaskResponse value) {
                answer.complete(value);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });
    return answer;
  }

  private static SubmitTaskRequest noop() {
    return SubmitTaskRequest.newBuilder()
        .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()))
        .build();
  }

  private static TaskServiceBlockingStub tasks() {
    return TaskServiceGrpc.newBlockingStub(door.authorized());
  }

  private static WorkerServiceBlockingStub workers() {
    return WorkerServiceGrpc.newBlockingStub(door.authorized());
  }
}
