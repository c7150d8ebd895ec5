package dev.weft.gateway.rest;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.RateForwarder;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
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

/** What a tenant and its users may use over time, over HTTP. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "limits")
public class RateResource {

  private final RateForwarder rates;
  private final RestCalls calls;

  RateResource(RateForwarder rates, RestCalls calls) {
    this.rates = rates;
    this.calls = calls;
  }

  @POST
  @Path("limits:acquire")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.TASKS_WRITE)
  @Operation(
      operationId = "AcquireRate",
      summary = "Takes tokens or bytes before they are used, or says when to come back.")
  @Body(AcquireRateRequest.class)
  @Answer(AcquireRateResponse.class)
  public CompletionStage<Response> acquire(@Context RoutingContext context) {
    return RestCalls.ok(
        rates.acquire(
            calls.of(context),
            ProtoJson.parse(RestCalls.body(context), AcquireRateRequest.newBuilder()).build()));
  }
}
