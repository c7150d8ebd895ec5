package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.PoolForwarder;
import dev.weft.proto.pools.v1.GetPoolRequest;
import dev.weft.proto.pools.v1.GetPoolResponse;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.ListPoolsResponse;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.pools.v1.ResizePoolResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Pools over HTTP; bodies are the requests and responses of weft.pools.v1.PoolService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "pools")
public class PoolResource {

  private final PoolForwarder pools;
  private final RestCalls calls;

  PoolResource(PoolForwarder pools, RestCalls calls) {
    this.pools = pools;
    this.calls = calls;
  }

  @GET
  @Path("pools")
  @Needs(Scope.WORKERS_READ)
  @Operation(operationId = "ListPools", summary = "Lists pools by name.")
  @Answer(ListPoolsResponse.class)
  public CompletionStage<Response> list(@Context RoutingContext context) {
    return RestCalls.ok(pools.list(calls.of(context), ListPoolsRequest.getDefaultInstance()));
  }

  @GET
  @Path("pools/{name}")
  @Needs(Scope.WORKERS_READ)
  @Operation(operationId = "GetPool", summary = "Reads one pool with its instances.")
  @Answer(GetPoolResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("name") String name) {
    return RestCalls.ok(
        pools.get(calls.of(context), GetPoolRequest.newBuilder().setName(name).build()));
  }

  @PUT
  @Path("pools/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "ResizePool",
      summary = "Sets how many workers a pool should have; the wish is durable when answered.")
  @Body(ResizePoolRequest.class)
  @Answer(ResizePoolResponse.class)
  public CompletionStage<Response> resize(
      @Context RoutingContext context, @PathParam("name") String name) {
    ResizePoolRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), ResizePoolRequest.newBuilder());
    if (!request.getName().isEmpty() && !request.getName().equals(name)) {
      throw InvalidRequest.of("name", request.getName(), "the same as in the path");
    }
    return RestCalls.ok(pools.resize(calls.of(context), request.setName(name).build()));
  }
}
