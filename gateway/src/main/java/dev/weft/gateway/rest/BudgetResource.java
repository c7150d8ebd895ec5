package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.BudgetForwarder;
import dev.weft.proto.costs.v1.DeleteBudgetRequest;
import dev.weft.proto.costs.v1.DeleteBudgetResponse;
import dev.weft.proto.costs.v1.GetBudgetRequest;
import dev.weft.proto.costs.v1.GetBudgetResponse;
import dev.weft.proto.costs.v1.ListBudgetsRequest;
import dev.weft.proto.costs.v1.ListBudgetsResponse;
import dev.weft.proto.costs.v1.SetBudgetRequest;
import dev.weft.proto.costs.v1.SetBudgetResponse;
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

/** Tenants' budgets over HTTP; bodies are those of weft.costs.v1.BudgetService. */
@Path("/v1/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "costs")
public class BudgetResource {

  private final BudgetForwarder budgets;
  private final RestCalls calls;

  BudgetResource(BudgetForwarder budgets, RestCalls calls) {
    this.budgets = budgets;
    this.calls = calls;
  }

  @GET
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListBudgets",
      summary = "Lists your tenant's budget of the day, or every tenant's, with what is left.")
  @Answer(ListBudgetsResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context, @QueryParam("allTenants") @Nullable String allTenants) {
    return RestCalls.ok(
        budgets.list(
            calls.of(context),
            ListBudgetsRequest.newBuilder()
                .setAllTenants(Query.flag("all_tenants", allTenants))
                .build()));
  }

  @GET
  @Path("{tenant}")
  @Needs(Scope.TASKS_READ)
  @Operation(operationId = "GetBudget", summary = "Reads a tenant's budget, with what is left.")
  @Answer(GetBudgetResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("tenant") String tenant) {
    return RestCalls.ok(
        budgets.get(calls.of(context), GetBudgetRequest.newBuilder().setTenantId(tenant).build()));
  }

  @PUT
  @Path("{tenant}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "SetBudget",
      summary =
          "Sets what a tenant's work may cost in a day of UTC, in money, tokens or both; what was"
              + " spent today counts.")
  @Body(SetBudgetRequest.class)
  @Answer(SetBudgetResponse.class)
  public CompletionStage<Response> set(
      @Context RoutingContext context, @PathParam("tenant") String tenant) {
    SetBudgetRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SetBudgetRequest.newBuilder());
    if (!request.getTenantId().isEmpty() && !request.getTenantId().equals(tenant)) {
      throw InvalidRequest.of(
          "tenant_id", request.getTenantId(), "the path's, which is " + tenant + ", or none");
    }
    return RestCalls.ok(budgets.set(calls.of(context), request.setTenantId(tenant).build()));
  }

  @DELETE
  @Path("{tenant}")
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "DeleteBudget",
      summary = "Takes a tenant's budget away: nothing bounds its costs then.")
  @Answer(DeleteBudgetResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @PathParam("tenant") String tenant) {
    return RestCalls.ok(
        budgets.delete(
            calls.of(context), DeleteBudgetRequest.newBuilder().setTenantId(tenant).build()));
  }
}
