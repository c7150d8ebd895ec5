package dev.weft.gateway.grpc;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.proto.tasks.v1.BatchSubmitTasksRequest;
import dev.weft.proto.tasks.v1.BatchSubmitTasksResponse;
import dev.weft.proto.tasks.v1.CancelTaskRequest;
import dev.weft.proto.tasks.v1.CancelTaskResponse;
import dev.weft.proto.tasks.v1.GetTaskRequest;
import dev.weft.proto.tasks.v1.GetTaskResponse;
import dev.weft.proto.tasks.v1.ListDecisionsRequest;
import dev.weft.proto.tasks.v1.ListDecisionsResponse;
import dev.weft.proto.tasks.v1.ListTasksRequest;
import dev.weft.proto.tasks.v1.ListTasksResponse;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.SubmitTaskResponse;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.WatchTaskRequest;
import dev.weft.proto.tasks.v1.WatchTaskResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import java.util.Optional;

/** weft.tasks.v1.TaskService. */
@GrpcService
public class PublicTaskService implements BindableService, TaskServiceGrpc.AsyncService {

  private final TaskForwarder tasks;
  private final Watches watches;
  private final WatchGuard guard;

  public PublicTaskService(TaskForwarder tasks, Watches watches, WatchGuard guard) {
    this.tasks = tasks;
    this.watches = watches;
    this.guard = guard;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(TaskServiceGrpc.bindService(this));
  }

  @Override
  public void submitTask(SubmitTaskRequest request, StreamObserver<SubmitTaskResponse> observer) {
    GrpcCalls.answer(observer, () -> tasks.submit(GrpcCalls.current(), request));
  }

  @Override
  public void batchSubmitTasks(
      BatchSubmitTasksRequest request, StreamObserver<BatchSubmitTasksResponse> observer) {
    GrpcCalls.answer(observer, () -> tasks.submitAll(GrpcCalls.current(), request));
  }

  @Override
  public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> observer) {
    GrpcCalls.answer(observer, () -> tasks.get(GrpcCalls.current(), request));
  }

  @Override
  public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> observer) {
    GrpcCalls.answer(observer, () -> tasks.list(GrpcCalls.current(), request));
  }

  @Override
  public void cancelTask(CancelTaskRequest request, StreamObserver<CancelTaskResponse> observer) {
    GrpcCalls.answer(observer, () -> tasks.cancel(GrpcCalls.current(), request));
  }

  @Override
  public void listDecisions(
      ListDecisionsRequest request, StreamObserver<ListDecisionsResponse> observer) {
    GrpcCalls.answer(observer, () -> tasks.decisions(GrpcCalls.current(), request));
  }

  @Override
  public void watchTask(WatchTaskRequest request, StreamObserver<WatchTaskResponse> observer) {
    Call call = GrpcCalls.current();
    new ServerStreamSink<TaskEvent, WatchTaskResponse>(
            observer,
            event -> List.of(WatchTaskResponse.newBuilder().setEvent(event).build()),
            Optional.of(WatchTaskResponse.getDefaultInstance()))
        .run(
            reader -> guard.admit(call, Scope.TASKS_READ, reader),
            sink -> watches.task(call, request, sink));
  }
}
