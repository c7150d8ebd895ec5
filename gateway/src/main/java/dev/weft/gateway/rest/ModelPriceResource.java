package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.ModelPriceForwarder;
import dev.weft.proto.costs.v1.DeleteModelPriceRequest;
import dev.weft.proto.costs.v1.DeleteModelPriceResponse;
import dev.weft.proto.costs.v1.ListModelPricesRequest;
import dev.weft.proto.costs.v1.ListModelPricesResponse;
import dev.weft.proto.costs.v1.SetModelPriceRequest;
import dev.weft.proto.costs.v1.SetModelPriceResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What models' tokens cost, over HTTP; bodies are those of weft.costs.v1.ModelPriceService. A
 * model's name may hold a slash, so it stands in no path.
 */
@Path("/v1/model-prices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "costs")
public class ModelPriceResource {

  private final ModelPriceForwarder prices;
  private final RestCalls calls;

  ModelPriceResource(ModelPriceForwarder prices, RestCalls calls) {
    this.prices = prices;
    this.calls = calls;
  }

  @GET
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListModelPrices",
      summary = "Reads the table of what models' tokens cost, as it is or was at a version.")
  @Answer(ListModelPricesResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context, @QueryParam("version") @Nullable String version) {
    ListModelPricesRequest.Builder request = ListModelPricesRequest.newBuilder();
    if (version != null && !version.isEmpty()) {
      request.setVersion(Query.whole("version", version));
    }
    return RestCalls.ok(prices.list(calls.of(context), request.build()));
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "SetModelPrice",
      summary = "Sets what a million tokens of a model cost, for what is leased from now on.")
  @Body(SetModelPriceRequest.class)
  @Answer(SetModelPriceResponse.class)
  public CompletionStage<Response> set(@Context RoutingContext context) {
    return RestCalls.ok(
        prices.set(
            calls.of(context),
            ProtoJson.parse(RestCalls.body(context), SetModelPriceRequest.newBuilder()).build()));
  }

  @DELETE
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "DeleteModelPrice",
      summary = "Takes a model's price away: its tokens are unpriced from then on.")
  @Answer(DeleteModelPriceResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @QueryParam("model") @Nullable String model) {
    return RestCalls.ok(
        prices.delete(
            calls.of(context),
            DeleteModelPriceRequest.newBuilder()
                .setModel(Objects.requireNonNullElse(model, ""))
                .build()));
  }
}
