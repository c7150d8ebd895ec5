package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.ShardForwarder;
import dev.weft.proto.placement.v1.ListShardsRequest;
import dev.weft.proto.placement.v1.ListShardsResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Shards of users; bodies are those of weft.placement.v1.ShardService. */
@Path("/v1/shards")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "placement")
public class ShardResource {

  private final ShardForwarder shards;
  private final RestCalls calls;

  ShardResource(ShardForwarder shards, RestCalls calls) {
    this.shards = shards;
    this.calls = calls;
  }

  @GET
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "ListShards",
      summary = "Lists the shards of users, with the workers that serve each and their memory.")
  @Answer(ListShardsResponse.class)
  public CompletionStage<Response> list(@Context RoutingContext context) {
    return RestCalls.ok(shards.list(calls.of(context), ListShardsRequest.getDefaultInstance()));
  }
}
