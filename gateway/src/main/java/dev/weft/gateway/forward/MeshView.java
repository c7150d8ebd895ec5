package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersResponse;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.mesh.v1.FleetStatus;
import dev.weft.proto.mesh.v1.GetStatusResponse;
import dev.weft.proto.mesh.v1.RoleStatus;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.workers.v1.Worker;
import io.grpc.Channel;
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
  private static final String ARTIFACT = "artifact";
  private static final String SCALER = "scaler";

  private final String nodeId;
  private final String version;
  private final Function<String, List<String>> addresses;
  private final Parts parts;

  /** Who is asked. */
  public record Parts(Holder cell, Holder registry, Holder store, Holder scaler) {}

  /**
   * @param addresses of a role's processes, host:port
   */
  public MeshView(
      String nodeId, String version, Function<String, List<String>> addresses, Parts parts) {
    this.nodeId = nodeId;
    this.version = version;
    this.addresses = addresses;
    this.parts = parts;
  }

  /** Never fails because of what it shows. */
  public CompletionStage<GetStatusResponse> status(Call call) {
    CompletableFuture<Boolean> placer = placerAnswers(call.tenant()).toCompletableFuture();
    CompletableFuture<Optional<FleetStatus>> fleet = fleet().toCompletableFuture();
    CompletableFuture<Boolean> store = storeAnswers(call.tenant()).toCompletableFuture();
    CompletableFuture<Boolean> scaler = scalerAnswers().toCompletableFuture();
    return CompletableFuture.allOf(placer, fleet, store, scaler)
        .thenApply(
            _ -> {
              Optional<FleetStatus> workers = fleet.join();
              GetStatusResponse.Builder answer =
                  GetStatusResponse.newBuilder()
                      .setNodeId(nodeId)
                      .setVersion(version)
                      .addRoles(role("gateway", "", true))
                      .addRoles(role("router", parts.cell().lastSeen(), placer.join()))
                      .addRoles(role("registry", parts.registry().lastSeen(), workers.isPresent()))
                      .addRoles(role(ARTIFACT, "", store.join()))
                      .addRoles(role(SCALER, parts.scaler().lastSeen(), scaler.join()));
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
    return parts
        .cell()
        .call(channel -> CellServiceGrpc.newFutureStub(channel).fetchTasks(request), PATIENCE)
        .handle((_, failure) -> failure == null);
  }

  private CompletionStage<Boolean> storeAnswers(String tenant) {
    FindArtifactsRequest request =
        FindArtifactsRequest.newBuilder()
            .setRequester(Requester.newBuilder().setTenant(tenant))
            .setQuery(ListArtifactsRequest.newBuilder().setPageSize(1))
            .build();
    return answers(
        ARTIFACT,
        parts.store(),
        channel -> StoreServiceGrpc.newFutureStub(channel).findArtifacts(request));
  }

  private CompletionStage<Boolean> scalerAnswers() {
    return answers(
        SCALER,
        parts.scaler(),
        channel ->
            PoolServiceGrpc.newFutureStub(channel)
                .listPools(ListPoolsRequest.getDefaultInstance()));
  }

  /** A role that has no process is not waited for. */
  private <T> CompletionStage<Boolean> answers(
      String role, Holder holder, Function<Channel, ListenableFuture<T>> rpc) {
    if (addresses.apply(role).isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    return holder.call(rpc, PATIENCE).handle((_, failure) -> failure == null);
  }

  private CompletionStage<Optional<FleetStatus>> fleet() {
    return page("", FleetStatus.newBuilder())
        .thenApply(Optional::of)
        .exceptionally(_ -> Optional.empty());
  }

  private CompletionStage<FleetStatus> page(String token, FleetStatus.Builder sum) {
    FetchWorkersRequest request =
        FetchWorkersRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build();
    return parts
        .registry()
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
