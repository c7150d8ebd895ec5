package dev.weft.gateway.testing;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.BeginDrainResponse;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.EndTaskRequest;
import dev.weft.proto.internal.cell.v1.EndTaskResponse;
import dev.weft.proto.internal.cell.v1.FetchDecisionsRequest;
import dev.weft.proto.internal.cell.v1.FetchDecisionsResponse;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskResponse;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskState;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * The router's side of the mesh: keeps tasks in memory by the rules that its contract promises to
 * gateways.
 */
public final class FakePlacer extends CellServiceGrpc.CellServiceImplBase {

  /** How the next submit calls end; each is used once. */
  public enum Mishap {
    /** Kept, and the answer is lost. */
    LOSE_ANSWER,
    /** Not kept, and says that somebody else holds. */
    NOT_HOLDER,
    /** Never answers. */
    SILENCE
  }

  public final Map<String, Submission> submissions = new LinkedHashMap<>();
  public final List<Integer> batches = new CopyOnWriteArrayList<>();
  public final List<Mishap> mishaps = new CopyOnWriteArrayList<>();
  public final List<BeginDrainRequest> drains = new CopyOnWriteArrayList<>();
  public volatile UnaryOperator<Task> view = UnaryOperator.identity();

  /** What single tasks look like. */
  public final Map<String, UnaryOperator<Task>> views = new ConcurrentHashMap<>();

  public volatile String notHolderAddress = "";

  /** Whether nothing runs on the workers that are drained. */
  public volatile boolean drained;

  /** After how many events a followed stream breaks; 0 is never. */
  public volatile int breakAfter;

  public volatile long slowMillis;
  private final Map<String, List<TaskEvent>> events = new LinkedHashMap<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();

  private record Follower(String taskId, StreamObserver<FollowTaskResponse> observer) {}

  @Override
  public void submitTasks(
      SubmitTasksRequest request, StreamObserver<SubmitTasksResponse> observer) {
    batches.add(request.getSubmissionsCount());
    pause();
    Mishap mishap = mishaps.isEmpty() ? null : mishaps.removeFirst();
    if (mishap == Mishap.SILENCE) {
      return;
    }
    if (mishap == Mishap.NOT_HOLDER) {
      observer.onError(notHolder());
      return;
    }
    SubmitTasksResponse.Builder response = SubmitTasksResponse.newBuilder();
    synchronized (this) {
      request.getSubmissionsList().forEach(item -> response.addResults(accept(item)));
    }
    if (mishap == Mishap.LOSE_ANSWER) {
      observer.onError(Status.UNAVAILABLE.withDescription("cut off").asRuntimeException());
      return;
    }
    observer.onNext(response.build());
    observer.onCompleted();
  }

  private SubmissionResult accept(Submission item) {
    Submission known = submissions.get(item.getTaskId());
    boolean existing = false;
    if (known == null && !item.getRequestId().isEmpty()) {
      for (Submission other : submissions.values()) {
        if (other.getRequestId().equals(item.getRequestId())
            && other.getTenant().equals(item.getTenant())) {
          if (!other.getSpecDigest().equals(item.getSpecDigest())) {
            return conflict(item);
          }
          known = other;
          existing = true;
        }
      }
    }
    if (known == null) {
      known = item;
      submissions.put(item.getTaskId(), item);
      emit(item.getTaskId(), TaskState.TASK_STATE_QUEUED);
    }
    return SubmissionResult.newBuilder()
        .setAccepted(Accepted.newBuilder().setTask(task(known)).setExisting(existing))
        .build();
  }

  private static SubmissionResult conflict(Submission item) {
    return SubmissionResult.newBuilder()
        .setProblem(
            Problem.newBuilder()
                .setCode(Status.Code.ALREADY_EXISTS.value())
                .setReason("IDEMPOTENCY_CONFLICT")
                .setMessage("request_id: " + item.getRequestId() + " (expected: the same spec)")
                .putMetadata("request_id", item.getRequestId()))
        .build();
  }

  /** One more change of a task; the terminal one ends who follows. */
  public synchronized void emit(String taskId, TaskState state) {
    List<TaskEvent> history = events.getOrDefault(taskId, List.of());
    emit(taskId, state, history.isEmpty() ? 0 : history.getLast().getAttempt());
  }

  /** As {@link #emit(String, TaskState)}, of an attempt. */
  public synchronized void emit(String taskId, TaskState state, int attempt) {
    List<TaskEvent> history = events.computeIfAbsent(taskId, _ -> new ArrayList<>());
    TaskEvent event =
        TaskEvent.newBuilder()
            .setTaskId(taskId)
            .setState(state)
            .setAttempt(attempt)
            .setCursor("c" + (history.size() + 1))
            .build();
    history.add(event);
    for (Follower follower : followers) {
      if (follower.taskId().equals(taskId)) {
        send(follower, event, history.size());
      }
    }
  }

  private void send(Follower follower, TaskEvent event, int number) {
    follower.observer().onNext(FollowTaskResponse.newBuilder().setEvent(event).build());
    if (isTerminal(event.getState())) {
      followers.remove(follower);
      follower.observer().onCompleted();
    } else if (breakAfter == number) {
      breakAfter = 0;
      followers.remove(follower);
      follower.observer().onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
    }
  }

  public int following() {
    return followers.size();
  }

  @Override
  public synchronized void followTask(
      FollowTaskRequest request, StreamObserver<FollowTaskResponse> observer) {
    if (owned(request.getTenant(), request.getTaskId(), observer) == null) {
      return;
    }
    Follower follower = new Follower(request.getTaskId(), observer);
    followers.add(follower);
    ((io.grpc.stub.ServerCallStreamObserver<FollowTaskResponse>) observer)
        .setOnCancelHandler(() -> followers.remove(follower));
    List<TaskEvent> history = events.getOrDefault(request.getTaskId(), List.of());
    int from = 0;
    if (!request.getAfterCursor().isEmpty()) {
      from = cursor(request.getAfterCursor(), observer);
    }
    for (int i = from; i >= 0 && i < history.size() && followers.contains(follower); i++) {
      send(follower, history.get(i), i + 1);
    }
  }

  private static int cursor(String text, StreamObserver<?> observer) {
    if (!text.matches("c[0-9]{1,6}")) {
      observer.onError(
          StatusMapper.toStatus(
              new MeshException(CommonReason.INVALID_ARGUMENT, "after_cursor: " + text)));
      return -1;
    }
    return Integer.parseInt(text.substring(1));
  }

  @Override
  public synchronized void fetchTask(
      FetchTaskRequest request, StreamObserver<FetchTaskResponse> observer) {
    Submission known = owned(request.getTenant(), request.getTaskId(), observer);
    if (known != null) {
      observer.onNext(FetchTaskResponse.newBuilder().setTask(task(known)).build());
      observer.onCompleted();
    }
  }

  @Override
  public synchronized void fetchTasks(
      FetchTasksRequest request, StreamObserver<FetchTasksResponse> observer) {
    FetchTasksResponse.Builder response = FetchTasksResponse.newBuilder();
    submissions.values().stream()
        .filter(item -> item.getTenant().equals(request.getTenant()))
        .limit(request.getPageSize() == 0 ? 100 : request.getPageSize())
        .forEach(item -> response.addTasks(task(item)));
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public synchronized void endTask(
      EndTaskRequest request, StreamObserver<EndTaskResponse> observer) {
    Submission known = owned(request.getTenant(), request.getTaskId(), observer);
    if (known != null) {
      emit(request.getTaskId(), TaskState.TASK_STATE_CANCELLED);
      observer.onNext(EndTaskResponse.newBuilder().setTask(task(known)).build());
      observer.onCompleted();
    }
  }

  @Override
  public synchronized void fetchDecisions(
      FetchDecisionsRequest request, StreamObserver<FetchDecisionsResponse> observer) {
    if (owned(request.getTenant(), request.getTaskId(), observer) != null) {
      observer.onNext(
          FetchDecisionsResponse.newBuilder()
              .addDecisions(Decision.newBuilder().setTaskId(request.getTaskId()).setRemedy("a GPU"))
              .build());
      observer.onCompleted();
    }
  }

  @Override
  public void beginDrain(BeginDrainRequest request, StreamObserver<BeginDrainResponse> observer) {
    drains.add(request);
    observer.onNext(
        BeginDrainResponse.newBuilder().setDrained(drained).setRunning(drained ? 0 : 1).build());
    observer.onCompleted();
  }

  private Submission owned(String tenant, String taskId, StreamObserver<?> observer) {
    Submission known = submissions.get(taskId);
    if (known == null || !known.getTenant().equals(tenant)) {
      observer.onError(
          StatusMapper.toStatus(
              new MeshException(GatewayReason.TASK_NOT_FOUND, "task_id: " + taskId)
                  .with("task_id", taskId)));
      return null;
    }
    return known;
  }

  private Task task(Submission item) {
    List<TaskEvent> history = events.getOrDefault(item.getTaskId(), List.of());
    return views
        .getOrDefault(item.getTaskId(), view)
        .apply(
            Task.newBuilder()
                .setAttempt(history.isEmpty() ? 0 : history.getLast().getAttempt())
                .setId(item.getTaskId())
                .setSpec(item.getSpec())
                .setState(
                    history.isEmpty() ? TaskState.TASK_STATE_QUEUED : history.getLast().getState())
                .build());
  }

  private RuntimeException notHolder() {
    return StatusMapper.toStatus(
        new MeshException(CommonReason.NOT_HOLDER, "cell 0: held elsewhere")
            .with("address", notHolderAddress));
  }

  private static boolean isTerminal(TaskState state) {
    return state.getNumber() >= TaskState.TASK_STATE_SUCCEEDED_VALUE;
  }

  private void pause() {
    if (slowMillis > 0) {
      try {
        Thread.sleep(slowMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
