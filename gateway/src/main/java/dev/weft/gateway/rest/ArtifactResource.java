package dev.weft.gateway.rest;

import dev.weft.gateway.artifact.ArtifactForwarder;
import dev.weft.gateway.domain.Scope;
import dev.weft.proto.artifacts.v1.DeleteArtifactRequest;
import dev.weft.proto.artifacts.v1.DeleteArtifactResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import dev.weft.proto.artifacts.v1.GetArtifactResponse;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.ListMissingBlobsRequest;
import dev.weft.proto.artifacts.v1.ListMissingBlobsResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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

/**
 * Artifacts over HTTP, less their bytes; bodies are the requests and responses of
 * weft.artifacts.v1.ArtifactService.
 */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "artifacts")
public class ArtifactResource {

  private final ArtifactForwarder artifacts;
  private final RestCalls calls;

  ArtifactResource(ArtifactForwarder artifacts, RestCalls calls) {
    this.artifacts = artifacts;
    this.calls = calls;
  }

  @GET
  @Path("artifacts")
  @Needs(Scope.ARTIFACTS_READ)
  @Operation(operationId = "ListArtifacts", summary = "Lists artifacts, newest first.")
  @Answer(ListArtifactsResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken,
      @QueryParam("name") @Nullable String name,
      @QueryParam("task") @Nullable String task) {
    ListArtifactsRequest request =
        ListArtifactsRequest.newBuilder()
            .setPageSize(Query.pageSize(pageSize))
            .setPageToken(pageToken == null ? "" : pageToken)
            .setName(name == null ? "" : name)
            .setTaskId(task == null ? "" : task)
            .build();
    return RestCalls.ok(artifacts.list(calls.of(context), request));
  }

  @GET
  @Path("artifacts/{artifactId}")
  @Needs(Scope.ARTIFACTS_READ)
  @Operation(
      operationId = "GetArtifact",
      summary = "Reads one artifact, by id or by name; its bytes are at /content.")
  @Answer(GetArtifactResponse.class)
  public CompletionStage<Response> get(
      @Context RoutingContext context, @PathParam("artifactId") String artifactId) {
    return RestCalls.ok(
        artifacts.get(
            calls.of(context), GetArtifactRequest.newBuilder().setArtifactId(artifactId).build()));
  }

  @DELETE
  @Path("artifacts/{artifactId}")
  @Needs(Scope.ARTIFACTS_WRITE)
  @Operation(operationId = "DeleteArtifact", summary = "Deletes an artifact; harmless to repeat.")
  @Answer(DeleteArtifactResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @PathParam("artifactId") String artifactId) {
    return RestCalls.ok(
        artifacts.delete(
            calls.of(context),
            DeleteArtifactRequest.newBuilder().setArtifactId(artifactId).build()));
  }

  @POST
  @Path("blobs:missing")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.ARTIFACTS_WRITE)
  @Operation(
      operationId = "ListMissingBlobs",
      summary = "Says which blobs the tenant does not hold; those that it holds stay for an hour.")
  @Body(ListMissingBlobsRequest.class)
  @Answer(ListMissingBlobsResponse.class)
  public CompletionStage<Response> missing(@Context RoutingContext context) {
    ListMissingBlobsRequest request =
        ProtoJson.parse(RestCalls.body(context), ListMissingBlobsRequest.newBuilder()).build();
    return RestCalls.ok(artifacts.missing(calls.of(context), request));
  }
}
