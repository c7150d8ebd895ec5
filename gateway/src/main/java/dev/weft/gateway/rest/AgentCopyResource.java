package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentCopies;
import dev.weft.proto.agents.v1.ForkAgentRequest;
import dev.weft.proto.agents.v1.ForkAgentResponse;
import dev.weft.proto.agents.v1.SnapshotAgentRequest;
import dev.weft.proto.agents.v1.SnapshotAgentResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** An agent's workspace stored by wish, and agents that begin with another's. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "agents")
public class AgentCopyResource {

  private final AgentCopies copies;
  private final RestCalls calls;

  AgentCopyResource(AgentCopies copies, RestCalls calls) {
    this.copies = copies;
    this.calls = calls;
  }

  @POST
  @Path("agents/{agentId}:snapshot")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(
      operationId = "SnapshotAgent",
      summary = "Stores the workspace of a running agent now; of another, tells the last one.")
  @Body(SnapshotAgentRequest.class)
  @Answer(SnapshotAgentResponse.class)
  public CompletionStage<Response> snapshot(
      @Context RoutingContext context,
      @PathParam("agentId") String agentId,
      @HeaderParam("Idempotency-Key") @Nullable String key) {
    SnapshotAgentRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SnapshotAgentRequest.newBuilder());
    AgentResource.named(request.getAgentId(), agentId);
    request.setAgentId(agentId).setRequestId(Query.requestId(request.getRequestId(), key));
    return RestCalls.ok(copies.snapshot(calls.of(context), request.build()));
  }

  @POST
  @Path("agents/{agentId}:fork")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(
      operationId = "ForkAgent",
      summary = "Makes an agent like this one, with this one's workspace as it is now.")
  @Body(ForkAgentRequest.class)
  @Answer(value = ForkAgentResponse.class, status = 202)
  public CompletionStage<Response> fork(
      @Context RoutingContext context,
      @PathParam("agentId") String agentId,
      @HeaderParam("Idempotency-Key") @Nullable String key) {
    ForkAgentRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), ForkAgentRequest.newBuilder());
    AgentResource.named(request.getAgentId(), agentId);
    request.setAgentId(agentId).setRequestId(Query.requestId(request.getRequestId(), key));
    return copies
        .fork(calls.of(context), request.build())
        .thenApply(
            made ->
                Response.fromResponse(RestCalls.json(202, made))
                    .header(HttpHeaders.LOCATION, "/v1/agents/" + made.getAgent().getAgentId())
                    .build());
  }
}
