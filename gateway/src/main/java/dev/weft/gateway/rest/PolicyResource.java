package dev.weft.gateway.rest;

import com.google.protobuf.Message;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.forward.PolicyForwarder;
import dev.weft.proto.placement.v1.GetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.GetPlacementPolicyResponse;
import dev.weft.proto.placement.v1.ListPlacementPoliciesRequest;
import dev.weft.proto.placement.v1.ListPlacementPoliciesResponse;
import dev.weft.proto.placement.v1.PlacementPolicy;
import dev.weft.proto.placement.v1.SetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.SetPlacementPolicyResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** By what workers are chosen; bodies are those of weft.placement.v1.PlacementPolicyService. */
@Path("/v1/placement")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "placement")
public class PolicyResource {

  private final PolicyForwarder policies;
  private final RestCalls calls;

  PolicyResource(PolicyForwarder policies, RestCalls calls) {
    this.policies = policies;
    this.calls = calls;
  }

  @GET
  @Path("policy")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "GetPlacementPolicy",
      summary = "Reads the policy in force, or an older version; the ETag is its version.")
  @Answer(GetPlacementPolicyResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @QueryParam("version") @Nullable String version) {
    GetPlacementPolicyRequest request =
        GetPlacementPolicyRequest.newBuilder()
            .setVersion(version == null ? 0 : number("version", version))
            .build();
    return policies
        .get(calls.of(context), request)
        .thenApply(answer -> tagged(answer.getPolicy(), answer));
  }

  @PUT
  @Path("policy")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.MESH_ADMIN)
  @Operation(
      operationId = "SetPlacementPolicy",
      summary =
          "Puts a new version in force. It names the version that it follows, in the body or as If-Match.")
  @Body(SetPlacementPolicyRequest.class)
  @Answer(SetPlacementPolicyResponse.class)
  public CompletionStage<Response> set(
      @Context RoutingContext context, @HeaderParam("If-Match") @Nullable String ifMatch) {
    SetPlacementPolicyRequest.Builder request =
        ProtoJson.parse(RestCalls.body(context), SetPlacementPolicyRequest.newBuilder());
    if (ifMatch != null) {
      int followed = version(ifMatch);
      if (request.getExpectedVersion() != 0 && request.getExpectedVersion() != followed) {
        throw InvalidRequest.of(
            "expected_version", request.getExpectedVersion(), "the same as If-Match, or none");
      }
      request.setExpectedVersion(followed);
    }
    return policies
        .set(calls.of(context), request.build())
        .thenApply(answer -> tagged(answer.getPolicy(), answer));
  }

  @GET
  @Path("policies")
  @Needs(Scope.TASKS_READ)
  @Operation(
      operationId = "ListPlacementPolicies",
      summary = "Lists every version that was set, newest first.")
  @Answer(ListPlacementPoliciesResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken) {
    return RestCalls.ok(
        policies.list(
            calls.of(context),
            ListPlacementPoliciesRequest.newBuilder()
                .setPageSize(Query.pageSize(pageSize))
                .setPageToken(pageToken == null ? "" : pageToken)
                .build()));
  }

  private static Response tagged(PlacementPolicy policy, Message answer) {
    return Response.fromResponse(RestCalls.json(200, answer))
        .header("ETag", "\"" + policy.getVersion() + "\"")
        .build();
  }

  private static int version(String tag) {
    String text = tag.strip();
    if (text.length() < 3 || !text.startsWith("\"") || !text.endsWith("\"")) {
      throw InvalidRequest.of("If-Match", tag, "an ETag of the policy, like \"7\"");
    }
    return number("If-Match", text.substring(1, text.length() - 1));
  }

  private static int number(String field, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of(field, text, "a version, like 7");
    }
  }
}
