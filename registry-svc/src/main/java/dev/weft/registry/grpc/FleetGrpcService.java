package dev.weft.registry.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.fleet.v1.FetchWorkerHealthRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkerHealthResponse;
import dev.weft.proto.internal.fleet.v1.FetchWorkerRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkerResponse;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersResponse;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc.FleetServiceImplBase;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.registry.app.FleetKeeper;
import dev.weft.registry.app.FleetWatchers;
import dev.weft.registry.app.RegistryReason;
import dev.weft.registry.domain.check.InvalidFieldException;
import dev.weft.registry.domain.fleet.Fleet;
import dev.weft.registry.domain.fleet.NameKey;
import dev.weft.registry.domain.fleet.WorkerHealth;
import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.fleet.WorkerView;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/** The fleet, for placers and gateways. */
public final class FleetGrpcService extends FleetServiceImplBase {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  private final FleetKeeper keeper;
  private final FleetWatchers watchers;
  private final WorkerWriter writer;

  public FleetGrpcService(FleetKeeper keeper, FleetWatchers watchers, int mostWorkers) {
    this.keeper = keeper;
    this.watchers = watchers;
    this.writer = new WorkerWriter(mostWorkers);
  }

  @Override
  public void fetchWorkers(
      FetchWorkersRequest request, StreamObserver<FetchWorkersResponse> responses) {
    int size = pageSize(request.getPageSize());
    NameKey after = PageTokens.read(request.getPageToken());
    List<WorkerView> views = keeper.read(fleet -> fleet.page(after, size + 1));
    FetchWorkersResponse.Builder page = FetchWorkersResponse.newBuilder();
    views.stream().limit(size).map(writer::write).forEach(page::addWorkers);
    if (views.size() > size) {
      page.setNextPageToken(PageTokens.write(NameKey.of(views.get(size - 1))));
    }
    responses.onNext(page.build());
    responses.onCompleted();
  }

  @Override
  public void fetchWorker(
      FetchWorkerRequest request, StreamObserver<FetchWorkerResponse> responses) {
    String idOrName = request.getWorkerId();
    WorkerView view =
        keeper.read(fleet -> find(fleet, idOrName)).orElseThrow(() -> notFound(idOrName));
    responses.onNext(FetchWorkerResponse.newBuilder().setWorker(writer.write(view)).build());
    responses.onCompleted();
  }

  @Override
  public void fetchWorkerHealth(
      FetchWorkerHealthRequest request, StreamObserver<FetchWorkerHealthResponse> responses) {
    String idOrName = request.getWorkerId();
    WorkerHealth health =
        keeper.health(fleet -> find(fleet, idOrName)).orElseThrow(() -> notFound(idOrName));
    responses.onNext(
        FetchWorkerHealthResponse.newBuilder().setHealth(HealthWriter.write(health)).build());
    responses.onCompleted();
  }

  @Override
  public void followWorkers(
      FollowWorkersRequest request, StreamObserver<FollowWorkersResponse> responses) {
    ServerCallStreamObserver<FollowWorkersResponse> down =
        (ServerCallStreamObserver<FollowWorkersResponse>) responses;
    GrpcWatcher watcher = new GrpcWatcher(down, writer);
    down.setOnReadyHandler(() -> watchers.ready(watcher));
    down.setOnCancelHandler(() -> watchers.gone(watcher));
    watchers.open(request.getAfterRevision(), request.getEpoch(), watcher);
  }

  private static int pageSize(int asked) {
    if (asked < 0 || asked > LARGEST_PAGE) {
      throw MeshException.invalidField("page_size", asked, "0 to " + LARGEST_PAGE);
    }
    return asked == 0 ? DEFAULT_PAGE : asked;
  }

  private static Optional<WorkerView> find(Fleet fleet, String idOrName) {
    if (!WorkerId.looksLike(idOrName)) {
      return fleet.find(idOrName);
    }
    try {
      return fleet.find(new WorkerId(idOrName));
    } catch (InvalidFieldException e) {
      throw MeshException.invalidField(e.field(), e.value(), e.expected());
    }
  }

  private static MeshException notFound(String idOrName) {
    return new MeshException(
            RegistryReason.WORKER_NOT_FOUND,
            "worker_id: " + idOrName + " (expected: the id or name of a worker)")
        .with("worker_id", idOrName);
  }
}
