package dev.weft.gateway.grpc;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.forward.WorkerForwarder;
import dev.weft.proto.workers.v1.DrainWorkerRequest;
import dev.weft.proto.workers.v1.DrainWorkerResponse;
import dev.weft.proto.workers.v1.GetWorkerHealthRequest;
import dev.weft.proto.workers.v1.GetWorkerHealthResponse;
import dev.weft.proto.workers.v1.GetWorkerRequest;
import dev.weft.proto.workers.v1.GetWorkerResponse;
import dev.weft.proto.workers.v1.ListWorkersRequest;
import dev.weft.proto.workers.v1.ListWorkersResponse;
import dev.weft.proto.workers.v1.WatchHeartbeat;
import dev.weft.proto.workers.v1.WatchWorkersRequest;
import dev.weft.proto.workers.v1.WatchWorkersResponse;
import dev.weft.proto.workers.v1.WorkerServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;
import java.util.Optional;

/** weft.workers.v1.WorkerService. */
@GrpcService
public class PublicWorkerService implements BindableService, WorkerServiceGrpc.AsyncService {

  private static final WatchWorkersResponse HEARTBEAT =
      WatchWorkersResponse.newBuilder().setHeartbeat(WatchHeartbeat.getDefaultInstance()).build();

  private final WorkerForwarder workers;
  private final Watches watches;
  private final WatchGuard guard;

  public PublicWorkerService(WorkerForwarder workers, Watches watches, WatchGuard guard) {
    this.workers = workers;
    this.watches = watches;
    this.guard = guard;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(WorkerServiceGrpc.bindService(this));
  }

  @Override
  public void listWorkers(
      ListWorkersRequest request, StreamObserver<ListWorkersResponse> observer) {
    GrpcCalls.answer(observer, () -> workers.list(GrpcCalls.current(), request));
  }

  @Override
  public void getWorker(GetWorkerRequest request, StreamObserver<GetWorkerResponse> observer) {
    GrpcCalls.answer(observer, () -> workers.get(GrpcCalls.current(), request));
  }

  @Override
  public void getWorkerHealth(
      GetWorkerHealthRequest request, StreamObserver<GetWorkerHealthResponse> observer) {
    GrpcCalls.answer(observer, () -> workers.health(GrpcCalls.current(), request));
  }

  @Override
  public void drainWorker(
      DrainWorkerRequest request, StreamObserver<DrainWorkerResponse> observer) {
    GrpcCalls.answer(observer, () -> workers.drain(GrpcCalls.current(), request));
  }

  @Override
  public void watchWorkers(
      WatchWorkersRequest request, StreamObserver<WatchWorkersResponse> observer) {
    Call call = GrpcCalls.current();
    new ServerStreamSink<WatchWorkersResponse, WatchWorkersResponse>(
            observer, List::of, Optional.of(HEARTBEAT))
        .run(
            reader -> guard.admit(call, Scope.WORKERS_READ, reader),
            sink -> watches.workers(request, sink));
  }
}
