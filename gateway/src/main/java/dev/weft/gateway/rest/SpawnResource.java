package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentForwarder;
import dev.weft.proto.agents.v1.SpawnAgentRequest;
import dev.weft.proto.agents.v1.SpawnAgentResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The way to a new agent as the documents write it. */
@Path("/agents")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "agents")
public class SpawnResource {

  private final AgentForwarder agents;
  private final RestCalls calls;

  SpawnResource(AgentForwarder agents, RestCalls calls) {
    this.agents = agents;
    this.calls = calls;
  }

  @POST
  @Path("spawn")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "PostAgent", summary = "The same as POST /v1/agents.")
  @Body(SpawnAgentRequest.class)
  @Answer(value = SpawnAgentResponse.class, status = 202)
  public CompletionStage<Response> spawn(
      @Context RoutingContext context, @HeaderParam("Idempotency-Key") @Nullable String key) {
    return AgentResource.spawn(agents, calls, context, key);
  }
}
