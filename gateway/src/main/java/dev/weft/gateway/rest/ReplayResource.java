package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.ReplayForwarder;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What if; bodies are those of weft.placement.v1.PlacementReplayService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "placement")
public class ReplayResource {

  private final ReplayForwarder replays;
  private final RestCalls calls;

  ReplayResource(ReplayForwarder replays, RestCalls calls) {
    this.replays = replays;
    this.calls = calls;
  }

  @POST
  @Path("placement:replay")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ReplayPlacement",
      summary =
          "Replays the caller's recorded tasks under another policy or on another fleet; changes nothing.")
  @Body(ReplayPlacementRequest.class)
  @Answer(ReplayPlacementResponse.class)
  public CompletionStage<Response> replay(@Context RoutingContext context) {
    ReplayPlacementRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), ReplayPlacementRequest.newBuilder());
    return RestCalls.ok(replays.replay(calls.of(context), request.build()));
  }
}
