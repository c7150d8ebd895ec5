package dev.weft.gateway.rest;

import com.google.protobuf.Timestamp;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SecretDesk;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SealedSecret;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.access.v1.DeleteSecretResponse;
import dev.weft.proto.access.v1.ListSecretsResponse;
import dev.weft.proto.access.v1.PutSecretRequest;
import dev.weft.proto.access.v1.PutSecretResponse;
import dev.weft.proto.access.v1.Secret;
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
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Secrets over HTTP: values go in and never come out. Bodies are messages of weft.access.v1. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "access")
public class SecretResource {

  private final SecretDesk secrets;
  private final RestCalls calls;

  SecretResource(SecretDesk secrets, RestCalls calls) {
    this.secrets = secrets;
    this.calls = calls;
  }

  @PUT
  @Path("secrets/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Scope.ADMIN)
  @Operation(
      operationId = "PutSecret",
      summary = "Sets a secret's value, which only tasks that name it get.")
  @Body(PutSecretRequest.class)
  @Answer(PutSecretResponse.class)
  public CompletionStage<Response> put(
      @Context RoutingContext context, @PathParam("name") String name) {
    byte[] value = parse(RestCalls.body(context)).getValue().toByteArray();
    return RestCalls.ok(
        secrets
            .put(calls.actor(context), name, value)
            .thenApply(
                secret -> PutSecretResponse.newBuilder().setSecret(message(secret)).build()));
  }

  @GET
  @Path("secrets")
  @Needs(Scope.ADMIN)
  @Operation(operationId = "ListSecrets", summary = "Lists the tenant's secrets without values.")
  @Answer(ListSecretsResponse.class)
  public CompletionStage<Response> list(
      @Context RoutingContext context,
      @QueryParam("pageSize") @Nullable String pageSize,
      @QueryParam("pageToken") @Nullable String pageToken) {
    return RestCalls.ok(
        secrets
            .list(
                calls.actor(context),
                Query.pageSize(pageSize),
                Optional.ofNullable(pageToken).filter(text -> !text.isEmpty()))
            .thenApply(
                page ->
                    ListSecretsResponse.newBuilder()
                        .addAllSecrets(
                            page.secrets().stream().map(SecretResource::message).toList())
                        .setNextPageToken(page.next().orElse(""))
                        .build()));
  }

  @DELETE
  @Path("secrets/{name}")
  @Needs(Scope.ADMIN)
  @Operation(operationId = "DeleteSecret", summary = "Deletes a secret.")
  @Answer(DeleteSecretResponse.class)
  public CompletionStage<Response> delete(
      @Context RoutingContext context, @PathParam("name") String name) {
    return RestCalls.ok(
        secrets
            .delete(calls.actor(context), name)
            .thenApply(_ -> DeleteSecretResponse.getDefaultInstance()));
  }

  /** A reader's own complaint could quote the value, so it is not passed on. */
  private static PutSecretRequest parse(byte[] body) {
    try {
      return ProtoJson.parse(body, PutSecretRequest.newBuilder()).build();
    } catch (MeshException | InvalidRequest e) {
      throw new MeshException(
          GatewayReason.MALFORMED_MESSAGE,
          "body: not shown (expected: {\"value\": \"the value in base64\"})");
    }
  }

  private static Secret message(SealedSecret secret) {
    return Secret.newBuilder()
        .setName(secret.name())
        .setVersion(secret.version())
        .setCreateTime(time(secret.createTime()))
        .setUpdateTime(time(secret.updateTime()))
        .build();
  }

  private static Timestamp time(Instant when) {
    return Timestamp.newBuilder()
        .setSeconds(when.getEpochSecond())
        .setNanos(when.getNano())
        .build();
  }
}
