package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.MeshView;
import dev.weft.proto.mesh.v1.GetStatusResponse;
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

/** What the mesh looks like from here. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "mesh")
public class StatusResource {

  private final MeshView mesh;
  private final RestCalls calls;

  StatusResource(MeshView mesh, RestCalls calls) {
    this.mesh = mesh;
    this.calls = calls;
  }

  @GET
  @Path("status")
  @Needs(Scope.WORKERS_READ)
  @Operation(
      operationId = "GetStatus",
      summary = "Shows the mesh's processes and workers as this gateway sees them.")
  @Answer(GetStatusResponse.class)
  public CompletionStage<Response> get(@Context RoutingContext context) {
    return RestCalls.ok(mesh.status(calls.of(context)));
  }
}
