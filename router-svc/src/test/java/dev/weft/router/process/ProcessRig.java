package dev.weft.router.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.FreePort;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import dev.weft.proto.internal.agent.v1.AgentCellServiceGrpc;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Two routers' addresses, a registry, a worker and a gateway's client, all over mTLS. */
final class ProcessRig implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final long TRY = 5;
  private final Path directory;
  private final ScratchDatabase database;
  final TestCertificates certificates;
  private final MeshServer registry;
  private final List<Integer> ports = List.of(FreePort.find(), FreePort.find());
  private final List<RouterProcess> routers = new ArrayList<>();
  private final HolderClient client;
  private final IdGenerator ids = new IdGenerator(0, InstantSource.system(), new Random());
  final WorkerStandIn worker;
  private final String workerId = PrefixedId.format("wkr", new UUID(7, 1));

  ProcessRig(ScratchDatabase database, Path directory, int slots) throws IOException {
    this.database = database;
    this.directory = directory;
    this.certificates = new TestCertificates(directory);
    this.registry =
        MeshServer.builder(certificates.issue("registry", "registry-1"))
            .service(MeshService.of(new FleetStandIn(List.of(workerId)), "router"))
            .start("127.0.0.1", 0);
    this.client =
        new HolderClient(
            "router",
            () -> ports.stream().map(port -> new HostPort("127.0.0.1", port)).toList(),
            certificates.channels("gateway", "gateway-1"));
    this.worker =
        new WorkerStandIn(
            workerId,
            slots,
            certificates.channels("worker", workerId),
            () -> ports.stream().map(port -> "127.0.0.1:" + port).toList());
  }

  RouterProcess start(int index, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("WEFT_STATIC_REGISTRY", "127.0.0.1:" + registry.port());
    RouterProcess router =
        new RouterProcess(
            "router-" + index,
            ports.get(index),
            database.service("router"),
            certificates,
            environment,
            directory);
    routers.add(router);
    return router;
  }

  /** A task that the mesh has taken in, as a gateway would hand it over. */
  Task submitted() {
    return submitted(submission());
  }

  Task submitted(Submission submission) {
    SubmissionResult result = submit(submission).getResults(0);
    assertThat(result.hasAccepted()).as("%s", result).isTrue();
    return result.getAccepted().getTask();
  }

  /** Sends until somebody takes it in; every send but the first says so. */
  Task submittedAtLast() {
    Submission submission = submission();
    Submission again = submission.toBuilder().setResent(true).build();
    List<SubmissionResult> taken = new ArrayList<>();
    List<Submission> next = new ArrayList<>(List.of(submission));
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              Submission now = next.getFirst();
              next.set(0, again);
              SubmissionResult result = submit(now).getResults(0);
              taken.add(result);
              return result.hasAccepted();
            });
    return taken.getLast().getAccepted().getTask();
  }

  SubmitTasksResponse submit(Submission... submissions) {
    SubmitTasksRequest request =
        SubmitTasksRequest.newBuilder().addAllSubmissions(List.of(submissions)).build();
    return onHolder(stub -> stub.submitTasks(request));
  }

  private <T> T onHolder(Function<CellServiceGrpc.CellServiceBlockingStub, T> call) {
    return onHolder(CellServiceGrpc::newBlockingStub, call);
  }

  <T> T onAgents(Function<AgentCellServiceGrpc.AgentCellServiceBlockingStub, T> call) {
    return onHolder(AgentCellServiceGrpc::newBlockingStub, call);
  }

  ReplayPlacementResponse replay(ReplayPlacementRequest question) {
    RunReplayRequest request =
        RunReplayRequest.newBuilder().setTenant("acme").setQuestion(question).build();
    return onHolder(ReplayServiceGrpc::newBlockingStub, stub -> stub.runReplay(request))
        .getReport();
  }

  /** Asks whoever is believed to hold; a refusal that says that nothing was done is followed. */
  private <S extends AbstractStub<S>, T> T onHolder(
      Function<Channel, S> service, Function<S, T> call) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      Channel channel = client.channel();
      try {
        return call.apply(service.apply(channel).withDeadlineAfter(TRY, TimeUnit.SECONDS));
      } catch (StatusRuntimeException e) {
        boolean named = client.failed(channel, e);
        if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION || System.nanoTime() > end) {
          throw e;
        }
        if (!named) {
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Submission submission() {
    return Submission.newBuilder()
        .setTaskId(PrefixedId.format("tsk", ids.next()))
        .setTenant("acme")
        .setPrincipal("me")
        .setSpec(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()))
        .build();
  }

  Task fetch(String id) {
    FetchTaskRequest request =
        FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build();
    return onHolder(stub -> stub.fetchTask(request)).getTask();
  }

  void awaitSucceeded(String id, Duration patience) {
    await()
        .atMost(patience)
        .ignoreExceptions()
        .until(() -> fetch(id).getState() == TaskState.TASK_STATE_SUCCEEDED);
  }

  String logs() {
    StringBuilder text = new StringBuilder();
    routers.forEach(router -> text.append(router.logText()));
    return text.toString();
  }

  @Override
  public void close() {
    worker.close();
    client.close();
    routers.forEach(RouterProcess::close);
    registry.stopNow();
  }
}
