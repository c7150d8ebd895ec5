package dev.weft.gateway.grpc;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import dev.weft.gateway.testing.SharedGateway;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.testing.ErrorConformance;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.CancelTaskRequest;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.ListDecisionsRequest;
import dev.weft.proto.tasks.v1.ListTasksRequest;
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
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public gRPC port of a real gateway; every failed answer is checked for its details. */
class PublicGrpcIT {

  private static final ErrorConformance CONFORMANCE = new ErrorConformance();
  private static ManagedChannel channel;

  @BeforeAll
  static void connect() {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
            .usePlaintext()
            .intercept(CONFORMANCE)
            .build();
  }

  @AfterAll
  static void disconnect() {
    channel.shutdownNow();
  }

  @AfterEach
  void everyFailedAnswerHadItsDetails() {
    SharedGateway.forgiveFailures();
    CONFORMANCE.verify();
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
        refused(
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
    TaskSpec spec = TaskSpec.newBuilder().setNoop(NoopExecutor.newBuilder()).setUser("u").build();

    MeshProblem problem =
        problem(() -> tasks().submitTask(SubmitTaskRequest.newBuilder().setSpec(spec).build()));

    assertThat(problem.code()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(problem.metadata()).containsEntry("field", "spec.user");
  }

  @Test
  void anotherTenantsOrUnknownTaskIsNotFound() {
    MeshProblem problem =
        problem(
            () ->
                tasks()
                    .getTask(
                        GetTaskRequest.newBuilder()
                            .setTaskId("tsk_01k00000000000000000000000")
                            .build()));

    assertThat(problem.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(problem.reason()).isEqualTo("TASK_NOT_FOUND");
  }

  static Stream<MethodDescriptor<?, ?>> methods() {
    return Stream.of(
            TaskServiceGrpc.getServiceDescriptor(), WorkerServiceGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noMethodAnswersWithoutAToken(MethodDescriptor<?, ?> method) {
    assertThat(problem(() -> call(channel, method, new byte[0])).reason())
        .isEqualTo("TOKEN_MISSING");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noMethodAnswersToATokenThatIsPresentAndWrong(MethodDescriptor<?, ?> method) {
    MeshProblem problem = problem(() -> call(with("Bearer wft_wrong"), method, new byte[0]));

    assertThat(problem.code()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(problem.reason()).isEqualTo("TOKEN_INVALID");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void noMethodAnswersToATokenWithoutItsScope(MethodDescriptor<?, ?> method) {
    String secret =
        request()
            .contentType("application/json")
            .body("{\"name\":\"m\",\"scopes\":[\"metrics.read\"]}")
            .post("/v1/tokens")
            .path("secret");

    MeshProblem problem = problem(() -> call(with("Bearer " + secret), method, new byte[0]));

    assertThat(problem.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(problem.reason()).isEqualTo("SCOPE_MISSING");
  }

  @Test
  void aMethodThatDoesNotExistIsUnimplemented() {
    MethodDescriptor<byte[], byte[]> unknown = raw("weft.tasks.v1.TaskService/DropTasks");

    MeshProblem problem =
        problem(
            () ->
                ClientCalls.blockingUnaryCall(channel, unknown, CallOptions.DEFAULT, new byte[0]));

    assertThat(problem.code()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(problem.reason()).isEqualTo("UNKNOWN_METHOD");
  }

  @Test
  void theMeshsServicesAreNotServedHere() {
    for (String method :
        List.of(
            "weft.internal.cell.v1.CellService/SubmitTasks",
            "weft.join.v1.CertificateService/RenewCertificate",
            "weft.internal.fleet.v1.FleetService/FetchWorkers")) {
      assertThat(
              problem(
                      () ->
                          ClientCalls.blockingUnaryCall(
                              authorized(), raw(method), CallOptions.DEFAULT, new byte[0]))
                  .reason())
          .isEqualTo("UNKNOWN_METHOD");
    }
  }

  @Test
  void malformedProtobufIsInvalid() {
    MeshProblem problem =
        problem(
            () ->
                call(
                    authorized(),
                    TaskServiceGrpc.getSubmitTaskMethod(),
                    new byte[] {(byte) 0xff, 1, 2}));

    assertThat(problem.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(problem.reason()).isEqualTo("MALFORMED_MESSAGE");
  }

  @Test
  void aMessageThatIsTooLargeIsRefused() {
    MeshProblem problem =
        problem(
            () ->
                call(
                    authorized(),
                    TaskServiceGrpc.getSubmitTaskMethod(),
                    new byte[4 * 1024 * 1024 + 1]));

    assertThat(problem.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(problem.reason()).isEqualTo("PAYLOAD_TOO_LARGE");
  }

  @Test
  void healthAndReflectionAreOpen() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(
                    HealthCheckRequest.newBuilder().setService("weft.tasks.v1.TaskService").build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(Reflection.services(channel))
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
            problem(
                    () ->
                        workers()
                            .getWorker(GetWorkerRequest.newBuilder().setWorkerId("nobody").build()))
                .reason())
        .isEqualTo("WORKER_NOT_FOUND");
  }

  @Test
  void aBatchMayBeEmptyForNobody() {
    MeshProblem problem =
        problem(() -> tasks().batchSubmitTasks(BatchSubmitTasksRequest.getDefaultInstance()));

    assertThat(problem.metadata()).containsEntry("field", "requests");
  }

  private static CompletableFuture<SubmitTaskResponse> submitAsync() {
    CompletableFuture<SubmitTaskResponse> answer = new CompletableFuture<>();
    TaskServiceGrpc.newStub(authorized())
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
    return TaskServiceGrpc.newBlockingStub(authorized());
  }

  private static WorkerServiceBlockingStub workers() {
    return WorkerServiceGrpc.newBlockingStub(authorized());
  }

  private static Channel authorized() {
    return with("Bearer " + neighbourhood().files.bearer);
  }

  private static Channel with(String authorization) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Sends any bytes to any method, whatever its type. */
  private static void call(Channel target, MethodDescriptor<?, ?> method, byte[] message) {
    MethodDescriptor<byte[], byte[]> bytes =
        raw(method.getFullMethodName()).toBuilder().setType(method.getType()).build();
    ClientCalls.blockingServerStreamingCall(target, bytes, CallOptions.DEFAULT, message)
        .forEachRemaining(_ -> {});
  }

  private static MethodDescriptor<byte[], byte[]> raw(String method) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(Bytes.INSTANCE)
        .setResponseMarshaller(Bytes.INSTANCE)
        .build();
  }

  private static MeshProblem problem(ThrowingCallable call) {
    return StatusMapper.fromStatus(refused(call));
  }

  private static StatusRuntimeException refused(ThrowingCallable call) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refusal).as("refused").isNotNull();
    return refusal;
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
