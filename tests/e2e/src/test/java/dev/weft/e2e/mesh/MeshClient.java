package dev.weft.e2e.mesh;

import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import dev.weft.proto.limits.v1.LimitServiceGrpc;
import dev.weft.proto.limits.v1.SetLimitsRequest;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.limits.v1.Tier;
import dev.weft.proto.tasks.v1.CancelTaskRequest;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.DeadLetterServiceGrpc;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.ListDecisionsRequest;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.RedriveDeadLetterRequest;
import dev.weft.proto.tasks.v1.RedrivenTask;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.tasks.v1.WatchTaskResponse;
import dev.weft.proto.workers.v1.ListWorkersRequest;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerServiceGrpc;
import dev.weft.proto.workers.v1.WorkerState;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A user of the public gRPC: the generated stubs, a token, and a retry over the gateways'
 * addresses.
 */
public final class MeshClient implements AutoCloseable {

  private static final Set<TaskState> TERMINAL =
      EnumSet.of(
          TaskState.TASK_STATE_SUCCEEDED,
          TaskState.TASK_STATE_FAILED,
          TaskState.TASK_STATE_CANCELLED,
          TaskState.TASK_STATE_EXPIRED);

  private final List<ManagedChannel> channels;
  private final CallCredentials credentials;
  private final AtomicInteger next = new AtomicInteger();

  public MeshClient(List<Integer> ports, String token) {
    this.channels =
        ports.stream()
            .map(port -> ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build())
            .toList();
    this.credentials = new Bearer(token);
  }

  public static TaskSpec shell(String... argv) {
    return TaskSpec.newBuilder()
        .setShell(ShellExecutor.newBuilder().addAllArgv(List.of(argv)))
        .build();
  }

  /** A command for the one {@link ExtraProcess#worker} of this name. */
  public static TaskSpec shellOn(String worker, String... argv) {
    return shell(argv).toBuilder()
        .setRequirements(
            Requirements.newBuilder()
                .addCapabilities(
                    CapabilityRequirement.newBuilder().setName(ExtraProcess.capability(worker))))
        .build();
  }

  public static TaskSpec noop() {
    return TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()).build();
  }

  public static boolean terminal(Task task) {
    return TERMINAL.contains(task.getState());
  }

  /** One try at one gateway; each call takes the next. */
  public SubmitTaskResponse submitOnce(TaskSpec spec, String requestId, Duration deadline) {
    return tasks(deadline)
        .submitTask(SubmitTaskRequest.newBuilder().setSpec(spec).setRequestId(requestId).build());
  }

  public Task submit(TaskSpec spec) {
    String requestId = UUID.randomUUID().toString();
    return retried(
        Duration.ofSeconds(30), deadline -> submitOnce(spec, requestId, deadline).getTask());
  }

  public Task get(String taskId) {
    return retried(
        Duration.ofSeconds(30),
        deadline ->
            tasks(deadline)
                .getTask(GetTaskRequest.newBuilder().setTaskId(taskId).build())
                .getTask());
  }

  public Task cancel(String taskId) {
    return retried(
        Duration.ofSeconds(30),
        deadline ->
            tasks(deadline)
                .cancelTask(CancelTaskRequest.newBuilder().setTaskId(taskId).build())
                .getTask());
  }

  /** What does a failed task's work again. */
  public RedrivenTask redrive(String taskId) {
    return retried(
        Duration.ofSeconds(30),
        deadline ->
            DeadLetterServiceGrpc.newBlockingStub(channel())
                .withCallCredentials(credentials)
                .withDeadlineAfter(deadline)
                .redriveDeadLetter(RedriveDeadLetterRequest.newBuilder().setTaskId(taskId).build())
                .getRedriven());
  }

  public List<Decision> decisions(String taskId) {
    return retried(
        Duration.ofSeconds(30),
        deadline ->
            tasks(deadline)
                .listDecisions(ListDecisionsRequest.newBuilder().setTaskId(taskId).build())
                .getDecisionsList());
  }

  /** One try at one gateway: a second would take the amount again. */
  public AcquireRateResponse acquire(AcquireRateRequest wish) {
    return LimitServiceGrpc.newBlockingStub(channel())
        .withCallCredentials(credentials)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .acquireRate(wish);
  }

  /** What the tenant may have and use from now on. */
  public TenantLimits setTier(String tenant, Tier tier) {
    SetLimitsRequest request =
        SetLimitsRequest.newBuilder().setTenantId(tenant).setTier(tier).build();
    return retried(
        Duration.ofSeconds(30),
        deadline ->
            LimitServiceGrpc.newBlockingStub(channel())
                .withCallCredentials(credentials)
                .withDeadlineAfter(deadline)
                .setLimits(request)
                .getLimits());
  }

  /** Workers that can be given work. */
  public List<Worker> readyWorkers() {
    return workers().stream()
        .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_READY)
        .toList();
  }

  /** All workers that the mesh remembers. */
  public List<Worker> workers() {
    return retried(
        Duration.ofSeconds(30),
        deadline ->
            WorkerServiceGrpc.newBlockingStub(channel())
                .withCallCredentials(credentials)
                .withDeadlineAfter(deadline)
                .listWorkers(ListWorkersRequest.getDefaultInstance())
                .getWorkersList());
  }

  /** Every event of a task that has ended, through as many reconnects as it takes. */
  public List<TaskEvent> events(String taskId, Duration patience) {
    List<TaskEvent> events = new ArrayList<>();
    Instant end = Instant.now().plus(patience);
    while (true) {
      try {
        Iterator<WatchTaskResponse> stream =
            tasks(Duration.between(Instant.now(), end))
                .watchTask(
                    WatchTaskRequest.newBuilder()
                        .setTaskId(taskId)
                        .setAfterCursor(events.isEmpty() ? "" : events.getLast().getCursor())
                        .build());
        while (stream.hasNext()) {
          WatchTaskResponse step = stream.next();
          if (step.hasEvent()) {
            events.add(step.getEvent());
          }
        }
        return events;
      } catch (StatusRuntimeException e) {
        if (!transientFault(e) || Instant.now().isAfter(end)) {
          throw e;
        }
      }
    }
  }

  /** Waits for the terminal state; fails after {@code patience}. */
  public Task await(String taskId, Duration patience) {
    events(taskId, patience);
    Task task = get(taskId);
    if (!terminal(task)) {
      throw new AssertionError("%s is %s after %s".formatted(taskId, task.getState(), patience));
    }
    return task;
  }

  public TaskServiceBlockingStub tasks(Duration deadline) {
    return TaskServiceGrpc.newBlockingStub(channel())
        .withCallCredentials(credentials)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  public static boolean transientFault(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.UNAVAILABLE
        || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private ManagedChannel channel() {
    return channels.get(Math.floorMod(next.getAndIncrement(), channels.size()));
  }

  private static <T> T retried(Duration patience, Function<Duration, T> call) {
    Instant end = Instant.now().plus(patience);
    while (true) {
      try {
        return call.apply(Duration.ofSeconds(10));
      } catch (StatusRuntimeException e) {
        if (!transientFault(e) || Instant.now().isAfter(end)) {
          throw e;
        }
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  private static final class Bearer extends CallCredentials {

    private static final Metadata.Key<String> AUTHORIZATION =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final String token;

    Bearer(String token) {
      this.token = token;
    }

    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
      Metadata metadata = new Metadata();
      metadata.put(AUTHORIZATION, "Bearer " + token);
      applier.apply(metadata);
    }
  }
}
