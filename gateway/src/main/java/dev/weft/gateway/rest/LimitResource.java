package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.LimitForwarder;
import dev.weft.proto.limits.v1.DeleteLimitsRequest;
import dev.weft.proto.limits.v1.DeleteLimitsResponse;
import dev.weft.proto.limits.v1.GetLimitsRequest;
import dev.weft.proto.limits.v1.GetLimitsResponse;
import dev.weft.proto.limits.v1.ListLimitsRequest;
import dev.weft.proto.limits.v1.ListLimitsResponse;
import dev.weft.proto.limits.v1.SetLimitsRequest;
import dev.weft.proto.limits.v1.SetLimitsResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
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

/** What tenants may have at once, over HTTP; bodies are those of weft.limits.v1.LimitService. */
@Path("/v1/limits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "limits")
public class LimitResource {

  private final LimitForwarder limits;
  private final RestCalls calls;

  LimitResource(LimitForwarder limits, RestCalls calls) {
    this.limits = limits;
    this.calls = calls;
  }

  @GET
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListLimits",
      summary =
          "Lists what your tenant, or every tenant, may have at once, what it has, and what it may"
              + " use over time.")
  @Answer(ListLimitsResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context, @QueryParam("allTenants") @Nullable String allTenants) {
    return RestCalls.ok(
        limits.list(
            calls.of(context),
            ListLimitsRequest.newBuilder()
                .setAllTenants(Query.flag("all_tenants", allTenants))
                .build()));
  }

  @GET
  @Path("{tenant}")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "GetLimits",
      summary = "Reads what a tenant may have at once, what it has, and what it may use over time.")
  @Answer(GetLimitsResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("tenant") String tenant) {
    return RestCalls.ok(
        limits.get(calls.of(context), GetLimitsRequest.newBuilder().setTenantId(tenant).build()));
  }

  @PUT
  @Path("{tenant}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "SetLimits",
      summary =
          "Sets a tenant's tier, by which it may have so much at once, and use so much over time;"
              + " what runs counts.")
  @Body(SetLimitsRequest.class)
  @Answer(SetLimitsResponse.class)
  public CompletionStage<Response> set(
      @Context RoutingContext context, @PathParam("tenant") String tenant) {
    SetLimitsRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SetLimitsRequest.newBuilder());
    if (!request.getTenantId().isEmpty() && !request.getTenantId().equals(tenant)) {
      throw InvalidRequest.of(
          "tenant_id", request.getTenantId(), "the path's, which is " + tenant + ", or none");
    }
    return RestCalls.ok(limits.set(calls.of(context), request.setTenantId(tenant).build()));
  }

  @DELETE
  @Path("{tenant}")
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "DeleteLimits",
      summary =
          "Takes a tenant's tier away: nothing bounds what it has at once, or uses over time, then.")
  @Answer(DeleteLimitsResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @PathParam("tenant") String tenant) {
    return RestCalls.ok(
        limits.delete(
            calls.of(context), DeleteLimitsRequest.newBuilder().setTenantId(tenant).build()));
  }
}
