package dev.weft.gateway.rest;

import dev.weft.gateway.app.JoinTokenDesk;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.WorkerForwarder;
import dev.weft.proto.access.v1.RevokeWorkerResponse;
import dev.weft.proto.workers.v1.DrainWorkerRequest;
import dev.weft.proto.workers.v1.DrainWorkerResponse;
import dev.weft.proto.workers.v1.GetWorkerHealthRequest;
import dev.weft.proto.workers.v1.GetWorkerHealthResponse;
import dev.weft.proto.workers.v1.GetWorkerRequest;
import dev.weft.proto.workers.v1.GetWorkerResponse;
import dev.weft.proto.workers.v1.ListWorkersRequest;
import dev.weft.proto.workers.v1.ListWorkersResponse;
import dev.weft.proto.workers.v1.WorkerHealth;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The fleet over HTTP; bodies are the requests and responses of weft.workers.v1.WorkerService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workers")
public class WorkerResource {

  private final WorkerForwarder workers;
  private final JoinTokenDesk joins;
  private final RestCalls calls;

  WorkerResource(WorkerForwarder workers, JoinTokenDesk joins, RestCalls calls) {
    this.workers = workers;
    this.joins = joins;
    this.calls = calls;
  }

  @GET
  @Path("workers")
  @Needs(Scope.WORKERS_READ)
  @Operation(operationId = "ListWorkers", summary = "Lists workers by name.")
  @Answer(ListWorkersResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken) {
    ListWorkersRequest request =
        ListWorkersRequest.newBuilder()
            .setPageSize(Query.pageSize(pageSize))
            .setPageToken(pageToken == null ? "" : pageToken)
            .build();
    return RestCalls.ok(workers.list(calls.of(context), request));
  }

  @GET
  @Path("workers/{workerId}")
  @Needs(Scope.WORKERS_READ)
  @Operation(operationId = "GetWorker", summary = "Reads one worker, by id or by name.")
  @Answer(GetWorkerResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("workerId") String workerId) {
    return RestCalls.ok(
        workers.get(
            calls.of(context), GetWorkerRequest.newBuilder().setWorkerId(workerId).build()));
  }

  @GET
  @Path("workers/{workerId}/health")
  @Needs(Scope.WORKERS_READ)
  @Operation(
      operationId = "GetWorkerHealth",
      summary =
          "How one worker is, by id or by name: the verdict, its layers and how old they are.")
  @Answer(WorkerHealth.class)
  public CompletionStage<Response> health(
      @Context RoutingContext context, @PathParam("workerId") String workerId) {
    return RestCalls.ok(
        workers
            .health(
                calls.of(context),
                GetWorkerHealthRequest.newBuilder().setWorkerId(workerId).build())
            .thenApply(GetWorkerHealthResponse::getHealth));
  }

  @POST
  @Path("workers/{workerId}:drain")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "DrainWorker",
      summary = "Takes a worker out of use: no new work from now on.")
  @Body(DrainWorkerRequest.class)
  @Answer(DrainWorkerResponse.class)
  public CompletionStage<Response> drain(
      @Context RoutingContext context, @PathParam("workerId") String workerId) {
    DrainWorkerRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), DrainWorkerRequest.newBuilder());
    if (!request.getWorkerId().isEmpty() && !request.getWorkerId().equals(workerId)) {
      throw InvalidRequest.of("worker_id", request.getWorkerId(), "the same as in the path");
    }
    return RestCalls.ok(workers.drain(calls.of(context), request.setWorkerId(workerId).build()));
  }

  @POST
  @Path("workers/{workerId}:revoke")
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "RevokeWorker",
      summary = "Lets a worker's certificate end: it is not renewed any more.")
  @Answer(RevokeWorkerResponse.class)
  public CompletionStage<Response> revoke(
      @Context RoutingContext context, @PathParam("workerId") String workerId) {
    return RestCalls.ok(
        joins
            .revokeWorker(calls.actor(context), workerId)
            .thenApply(_ -> RevokeWorkerResponse.getDefaultInstance()));
  }
}
