package dev.weft.gateway.forward;

import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersResponse;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.mesh.v1.FleetStatus;
import dev.weft.proto.mesh.v1.GetStatusResponse;
import dev.weft.proto.mesh.v1.RoleStatus;
import dev.weft.proto.workers.v1.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The mesh as this gateway sees it: addresses from discovery, and whether the holders answer right
 * now.
 */
public final class MeshView {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int PAGE = 1000;

  private final String nodeId;
  private final String version;
  private final Function<String, List<String>> addresses;
  private final Holder cell;
  private final Holder registry;

  /**
   * @param addresses of a role's processes, host:port
   */
  public MeshView(
      String nodeId,
      String version,
      Function<String, List<String>> addresses,
      Holder cell,
      Holder registry) {
    this.nodeId = nodeId;
    this.version = version;
    this.addresses = addresses;
    this.cell = cell;
    this.registry = registry;
  }

  /** Never fails because of what it shows. */
  public CompletionStage<GetStatusResponse> status(Call call) {
    CompletableFuture<Boolean> placer = placerAnswers(call.tenant()).toCompletableFuture();
    CompletableFuture<Optional<FleetStatus>> fleet = fleet().toCompletableFuture();
    return placer.thenCombine(
        fleet,
        (available, workers) -> {
          GetStatusResponse.Builder answer =
              GetStatusResponse.newBuilder()
                  .setNodeId(nodeId)
                  .setVersion(version)
                  .addRoles(role("gateway", "", true))
                  .addRoles(role("router", cell.lastSeen(), available))
                  .addRoles(role("registry", registry.lastSeen(), workers.isPresent()));
          workers.ifPresent(answer::setFleet);
          return answer.build();
        });
  }

  private RoleStatus role(String role, String holder, boolean available) {
    return RoleStatus.newBuilder()
        .setRole(role)
        .addAllAddresses(addresses.apply(role))
        .setHolder(holder)
        .setAvailable(available)
        .build();
  }

  private CompletionStage<Boolean> placerAnswers(String tenant) {
    FetchTasksRequest request =
        FetchTasksRequest.newBuilder().setTenant(tenant).setPageSize(1).build();
    return cell.call(
            channel -> CellServiceGrpc.newFutureStub(channel).fetchTasks(request), PATIENCE)
        .handle((_, failure) -> failure == null);
  }

  private CompletionStage<Optional<FleetStatus>> fleet() {
    return page("", FleetStatus.newBuilder())
        .thenApply(Optional::of)
        .exceptionally(_ -> Optional.empty());
  }

  private CompletionStage<FleetStatus> page(String token, FleetStatus.Builder sum) {
    FetchWorkersRequest request =
        FetchWorkersRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build();
    return registry
        .call(channel -> FleetServiceGrpc.newFutureStub(channel).fetchWorkers(request), PATIENCE)
        .thenCompose(
            (FetchWorkersResponse page) -> {
              page.getWorkersList().forEach(worker -> add(sum, worker));
              return page.getNextPageToken().isEmpty()
                  ? CompletableFuture.completedFuture(sum.build())
                  : page(page.getNextPageToken(), sum);
            });
  }

  private static void add(FleetStatus.Builder sum, Worker worker) {
    switch (worker.getState()) {
      case WORKER_STATE_READY -> sum.setReady(sum.getReady() + 1);
      case WORKER_STATE_UNHEALTHY -> sum.setUnhealthy(sum.getUnhealthy() + 1);
      case WORKER_STATE_DRAINING -> sum.setDraining(sum.getDraining() + 1);
      case WORKER_STATE_DRAINED -> sum.setDrained(sum.getDrained() + 1);
      case WORKER_STATE_OFFLINE -> sum.setOffline(sum.getOffline() + 1);
      case WORKER_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
    }
    sum.setSlotsTotal(sum.getSlotsTotal() + worker.getLoad().getSlotsTotal());
    sum.setSlotsUsed(sum.getSlotsUsed() + worker.getLoad().getSlotsUsed());
  }
}
