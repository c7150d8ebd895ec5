package dev.weft.gateway.rest;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.AgentCostEstimates;
import dev.weft.gateway.forward.CostForwarder;
import dev.weft.proto.costs.v1.CostGroup;
import dev.weft.proto.costs.v1.EstimateAgentCostsResponse;
import dev.weft.proto.costs.v1.ListCostsRequest;
import dev.weft.proto.costs.v1.ListCostsResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Costs over HTTP; bodies are those of weft.costs.v1.CostService. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "costs")
public class CostResource {

  private static final String GROUP_PREFIX = "COST_GROUP_";

  private final CostForwarder costs;
  private final RestCalls calls;

  CostResource(CostForwarder costs, RestCalls calls) {
    this.costs = costs;
    this.calls = calls;
  }

  @GET
  @Path("costs")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListCosts",
      summary = "Sums up what attempts cost, by task, tenant, worker, day or class.")
  @Answer(ListCostsResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("by") @Nullable String by,
      @QueryParam("since") @Nullable String since,
      @QueryParam("until") @Nullable String until,
      @QueryParam("taskId") @Nullable String taskId,
      @QueryParam("allTenants") @Nullable String allTenants,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken) {
    ListCostsRequest.Builder request =
        ListCostsRequest.newBuilder()
            .setBy(group(by))
            .setTaskId(taskId == null ? "" : taskId)
            .setAllTenants(Query.flag("all_tenants", allTenants))
            .setPageSize(Query.pageSize(pageSize))
            .setPageToken(pageToken == null ? "" : pageToken);
    if (since != null) {
      request.setSince(Query.time("since", since));
    }
    if (until != null) {
      request.setUntil(Query.time("until", until));
    }
    return RestCalls.ok(costs.list(calls.of(context), request.build()));
  }

  @GET
  @Path("costs:estimate")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "EstimateAgentCosts",
      summary = "Estimates what agents would cost a month at published prices.")
  @Answer(EstimateAgentCostsResponse.class)
  public Response estimate(@BeanParam EstimateQuery query) {
    return RestCalls.json(200, AgentCostEstimates.of(query.request()));
  }

  /** In either case of letters, with or without the contract's prefix. */
  private static CostGroup group(@Nullable String text) {
    String word = text == null ? "" : text.toUpperCase(Locale.ROOT);
    String name = word.startsWith(GROUP_PREFIX) ? word : GROUP_PREFIX + word;
    try {
      CostGroup group = CostGroup.valueOf(name);
      if (group != CostGroup.UNRECOGNIZED && group != CostGroup.COST_GROUP_UNSPECIFIED) {
        return group;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw InvalidRequest.of(
        "by", text == null ? "absent" : text, "task, tenant, worker, day or class");
  }
}
