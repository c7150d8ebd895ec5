package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentMemories;
import dev.weft.proto.agents.v1.DeleteAgentMemoryRequest;
import dev.weft.proto.agents.v1.DeleteAgentMemoryResponse;
import dev.weft.proto.agents.v1.GetAgentMemoryRequest;
import dev.weft.proto.agents.v1.GetAgentMemoryResponse;
import dev.weft.proto.agents.v1.ListAgentMemoryRequest;
import dev.weft.proto.agents.v1.ListAgentMemoryResponse;
import dev.weft.proto.agents.v1.SetAgentMemoryRequest;
import dev.weft.proto.agents.v1.SetAgentMemoryResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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

/** What an agent remembers, by key. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "agents")
public class AgentMemoryResource {

  private final AgentMemories memories;
  private final RestCalls calls;

  AgentMemoryResource(AgentMemories memories, RestCalls calls) {
    this.memories = memories;
    this.calls = calls;
  }

  @GET
  @Path("agents/{agentId}/memory")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "ListAgentMemory", summary = "Lists the keys that an agent remembers.")
  @Answer(ListAgentMemoryResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context, @PathParam("agentId") String agentId) {
    return RestCalls.ok(
        memories.list(
            calls.of(context), ListAgentMemoryRequest.newBuilder().setAgentId(agentId).build()));
  }

  @GET
  @Path("agents/{agentId}/memory/{key}")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "GetAgentMemory", summary = "Reads what an agent remembers by a key.")
  @Answer(GetAgentMemoryResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context,
      @PathParam("agentId") String agentId,
      @PathParam("key") String key) {
    return RestCalls.ok(
        memories.get(
            calls.of(context),
            GetAgentMemoryRequest.newBuilder().setAgentId(agentId).setKey(key).build()));
  }

  @PUT
  @Path("agents/{agentId}/memory/{key}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "SetAgentMemory", summary = "Has an agent remember a value by a key.")
  @Body(SetAgentMemoryRequest.class)
  @Answer(SetAgentMemoryResponse.class)
  public CompletionStage<Response> set(
      @Context RoutingContext context,
      @PathParam("agentId") String agentId,
      @PathParam("key") String key) {
    SetAgentMemoryRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SetAgentMemoryRequest.newBuilder());
    AgentResource.named(request.getAgentId(), agentId);
    if (!request.getKey().isEmpty() && !request.getKey().equals(key)) {
      throw InvalidRequest.of("key", request.getKey(), "the path's, or none");
    }
    return RestCalls.ok(
        memories.set(calls.of(context), request.setAgentId(agentId).setKey(key).build()));
  }

  @DELETE
  @Path("agents/{agentId}/memory/{key}")
  @Needs(Scope.AGENTS_WRITE)
  @Operation(operationId = "DeleteAgentMemory", summary = "Has an agent forget a key.")
  @Answer(DeleteAgentMemoryResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context,
      @PathParam("agentId") String agentId,
      @PathParam("key") String key) {
    return RestCalls.ok(
        memories.delete(
            calls.of(context),
            DeleteAgentMemoryRequest.newBuilder().setAgentId(agentId).setKey(key).build()));
  }
}
